//! The frames that the plugin keeps between a decode and the encode that follows, or may follow.

use crate::command::MessageKind;

/// What is known of one stream context.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The root context that it belongs to.
    pub(super) root: u32,
    /// The bytes of its frame; none before the decode.
    pub(super) frame: Vec<u8>,
    /// The host was not shown the body of the frame.
    pub(super) hidden: bool,
    /// The host wants to answer the frame itself, for this reason.
    pub(super) hijacked: Option<u32>,
    /// What its frame is; none before the decode.
    pub(super) kind: Option<MessageKind>,
    /// The host has deleted it.
    pub(super) deleted: bool,
    /// It is a one-way request that has been sent.
    pub(super) oneway_sent: bool,
}

impl Context {
    /// Whether the host may encode the frame again after it has deleted the context.
    pub(super) const fn is_retryable(&self) -> bool {
        matches!(self.kind, Some(MessageKind::Request | MessageKind::OneWay))
    }
}

/// All stream contexts: those that live and, for a while, those that the host has deleted. Hosts
/// leave contexts undeleted in normal operation, so both are bounded; the oldest are forgotten.
#[derive(Debug)]
pub(super) struct Contexts {
    /// In the order of their ids, which is that of their age: the host counts them up.
    list: Vec<(u32, Context)>,
    live: Usage,
    deleted: Usage,
}

impl Contexts {
    pub(super) const fn new() -> Self {
        Self {
            list: Vec::new(),
            live: Usage::NONE,
            deleted: Usage::NONE,
        }
    }

    /// The context, if it is remembered.
    #[inline]
    pub(super) fn get(&self, id: u32) -> Option<&Context> {
        let at = self.find(id).ok()?;
        self.list.get(at).map(|(_, context)| context)
    }

    /// Puts a context in the place of the one with this id, and forgets the oldest ones that are
    /// over the bound.
    #[inline]
    pub(super) fn put(&mut self, id: u32, mut context: Context, bound: Bound) {
        context.deleted = false;
        self.live.add(&context);
        match self.find(id) {
            Err(at) if at == self.list.len() => self.list.push((id, context)),
            place => self.put_between(place, id, context),
        }
        if self.live.is_over(bound) {
            self.forget(false, bound, id);
        }
    }

    #[cold]
    #[inline(never)]
    fn put_between(&mut self, place: Result<usize, usize>, id: u32, context: Context) {
        match place {
            Ok(at) => {
                if let Some((_, old)) = self.list.get_mut(at) {
                    let old = core::mem::replace(old, context);
                    self.usage(&old).remove(&old);
                }
            }
            // The list has that many; asserted here, so no bounds check with a panic follows.
            Err(at) if at <= self.list.len() => self.list.insert(at, (id, context)),
            Err(_) => {}
        }
    }

    /// Puts other bytes in the place of a context's frame.
    #[cold]
    #[inline(never)]
    pub(super) fn put_frame(&mut self, id: u32, frame: Vec<u8>) {
        let Ok(at) = self.find(id) else { return };
        if let Some((_, context)) = self.list.get_mut(at) {
            let usage = if context.deleted {
                &mut self.deleted
            } else {
                &mut self.live
            };
            usage.remove(context);
            context.frame = frame;
            usage.add(context);
        }
    }

    /// Marks the one-way request of a context as sent.
    #[cold]
    #[inline(never)]
    pub(super) fn mark_oneway_sent(&mut self, id: u32) {
        let Ok(at) = self.find(id) else { return };
        if let Some((_, context)) = self.list.get_mut(at) {
            context.oneway_sent = true;
        }
    }

    /// Takes a context out, wherever it is.
    #[cold]
    #[inline(never)]
    pub(super) fn take(&mut self, id: u32) -> Option<Context> {
        let at = self.find(id).ok()?;
        // It goes after all others: `Vec::remove` has a panic that formats numbers, which nothing else
        // in a plugin does with the code of `core`.
        let mut after = self.list.get_mut(at..)?.iter_mut();
        let mut taken = after.next()?;
        for next in after {
            core::mem::swap(taken, next);
            taken = next;
        }
        let (_, context) = self.list.pop()?;
        self.usage(&context).remove(&context);
        Some(context)
    }

    /// What counts a context.
    fn usage(&mut self, context: &Context) -> &mut Usage {
        if context.deleted {
            &mut self.deleted
        } else {
            &mut self.live
        }
    }

    /// Marks a context as deleted. It is remembered if it may be encoded again, as long as the deleted
    /// ones are within the bound.
    #[inline]
    pub(super) fn delete(&mut self, id: u32, bound: Bound) {
        let Ok(at) = self.find(id) else { return };
        let Some((_, context)) = self.list.get_mut(at) else {
            return;
        };
        if context.deleted {
            return;
        }
        if !context.is_retryable() {
            self.take(id);
            return;
        }
        self.live.remove(context);
        context.deleted = true;
        self.deleted.add(context);
        if self.deleted.is_over(bound) {
            self.forget(true, bound, id);
        }
    }

    #[allow(
        clippy::inline_always,
        reason = "every call of the host comes through here"
    )]
    #[inline(always)]
    fn find(&self, id: u32) -> Result<usize, usize> {
        // Nearly every call is about the newest context or follows it.
        match self.list.last() {
            Some((newest, _)) if *newest == id => Ok(self.list.len() - 1),
            Some((newest, _)) if *newest > id => self.search(id),
            _ => Err(self.list.len()),
        }
    }

    #[cold]
    #[inline(never)]
    fn search(&self, id: u32) -> Result<usize, usize> {
        self.list.binary_search_by_key(&id, |(id, _)| *id)
    }

    /// Forgets the oldest contexts, those that live or those that are deleted, a half of them at a
    /// time, because each time all others move. The newest stays, however large it is.
    #[cold]
    #[inline(never)]
    fn forget(&mut self, deleted: bool, bound: Bound, newest: u32) {
        let usage = if deleted {
            &mut self.deleted
        } else {
            &mut self.live
        };
        let bound = Bound {
            contexts: bound.contexts / 2,
            bytes: bound.bytes / 2,
        };
        self.list.retain(|(id, context)| {
            let keep = context.deleted != deleted || *id == newest || !usage.is_over(bound);
            if !keep {
                usage.remove(context);
            }
            keep
        });
    }
}

/// How much a table may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) contexts: usize,
    pub(super) bytes: usize,
}

/// How much there is.
#[derive(Debug)]
struct Usage {
    contexts: usize,
    bytes: usize,
}

impl Usage {
    const NONE: Self = Self {
        contexts: 0,
        bytes: 0,
    };

    fn add(&mut self, context: &Context) {
        self.contexts += 1;
        self.bytes += context.frame.capacity();
    }

    fn remove(&mut self, context: &Context) {
        self.contexts -= 1;
        self.bytes -= context.frame.capacity();
    }

    fn is_over(&self, bound: Bound) -> bool {
        self.contexts > bound.contexts || self.bytes > bound.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Bound = Bound {
        contexts: 3,
        bytes: 100,
    };

    fn context(bytes: usize) -> Context {
        Context {
            frame: vec![0; bytes],
            ..Context::default()
        }
    }

    #[test]
    fn the_oldest_contexts_are_forgotten_by_count() {
        let mut contexts = Contexts::new();
        for id in 1..=5 {
            contexts.put(id, context(1), BOUND);
        }
        assert!(contexts.get(3).is_none());
        assert!(contexts.get(4).is_some());
        assert_eq!((contexts.live.contexts, contexts.live.bytes), (2, 2));
        let bound = Bound {
            contexts: 16,
            bytes: 100,
        };
        for id in 6..=20 {
            contexts.put(id, context(1), bound);
        }
        assert_eq!(contexts.list.len(), 8, "half went at once");
    }

    #[test]
    fn the_oldest_contexts_are_forgotten_by_bytes_and_the_newest_stays() {
        let mut contexts = Contexts::new();
        contexts.put(1, context(60), BOUND);
        contexts.put(2, context(60), BOUND);
        assert!(contexts.get(1).is_none());
        contexts.put(3, context(101), BOUND);
        assert!(contexts.get(2).is_none());
        assert_eq!(contexts.live.bytes, 101);
    }

    fn request(bytes: usize) -> Context {
        Context {
            kind: Some(MessageKind::Request),
            ..context(bytes)
        }
    }

    fn bytes_of(contexts: &Contexts, id: u32) -> Option<usize> {
        contexts.get(id).map(|context| context.frame.len())
    }

    #[test]
    fn a_deleted_request_is_remembered_once_and_replaced_by_a_new_one() {
        let mut contexts = Contexts::new();
        contexts.put(7, request(4), BOUND);
        contexts.delete(7, BOUND);
        contexts.delete(7, BOUND);
        assert_eq!(bytes_of(&contexts, 7), Some(4));
        assert_eq!((contexts.live.contexts, contexts.deleted.bytes), (0, 4));
        contexts.put(7, request(5), BOUND);
        assert_eq!(bytes_of(&contexts, 7), Some(5));
        assert_eq!((contexts.live.bytes, contexts.deleted.contexts), (5, 0));
    }

    #[test]
    fn the_oldest_deleted_requests_are_forgotten() {
        let mut contexts = Contexts::new();
        for id in 1..=5 {
            contexts.put(id, request(1), BOUND);
        }
        for id in 4..=5 {
            contexts.delete(
                id,
                Bound {
                    contexts: 1,
                    ..BOUND
                },
            );
        }
        assert_eq!(bytes_of(&contexts, 4), None);
        assert_eq!(bytes_of(&contexts, 5), Some(1));
    }

    #[test]
    fn a_deleted_request_that_is_hijacked_lives_again() {
        let mut contexts = Contexts::new();
        contexts.put(7, request(4), BOUND);
        contexts.delete(7, BOUND);
        let taken = contexts.take(7).unwrap();
        contexts.put(7, taken, BOUND);
        assert_eq!((contexts.live.bytes, contexts.deleted.bytes), (4, 0));
        contexts.delete(7, BOUND);
        contexts.put_frame(7, vec![0; 2]);
        assert_eq!((contexts.live.bytes, contexts.deleted.bytes), (0, 2));
    }

    #[test]
    fn only_requests_are_remembered() {
        let mut contexts = Contexts::new();
        contexts.put(7, context(4), BOUND);
        contexts.delete(7, BOUND);
        assert!(contexts.get(7).is_none());
        assert_eq!((contexts.live.bytes, contexts.deleted.bytes), (0, 0));
    }

    #[test]
    fn ids_may_come_in_any_order() {
        let mut contexts = Contexts::new();
        for id in [9, 1, u32::MAX] {
            contexts.put(id, context(1), BOUND);
        }
        assert!(
            [1, 9, u32::MAX]
                .iter()
                .all(|id| contexts.get(*id).is_some())
        );
        assert_eq!(contexts.take(1).map(|context| context.frame.len()), Some(1));
        assert!(contexts.take(1).is_none());
        let left: Vec<u32> = contexts.list.iter().map(|(id, _)| *id).collect();
        assert_eq!(left, [9, u32::MAX]);
    }
}
