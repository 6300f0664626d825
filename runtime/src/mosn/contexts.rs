//! The frames that the plugin keeps between a decode and the encode that follows, or may follow.

/// How many deleted contexts are remembered, and how many bytes they may have: a retry encodes a
/// request again whose context the host has deleted.
const DELETED: Bound = Bound {
    contexts: 1024,
    bytes: 8 * 1024 * 1024,
};

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
}

/// All stream contexts: those that live and, for a while, those that the host has deleted. Hosts
/// leave contexts undeleted in normal operation, so both are bounded; the oldest are forgotten.
#[derive(Debug)]
pub(super) struct Contexts {
    live: Table,
    deleted: Table,
}

impl Contexts {
    pub(super) const fn new() -> Self {
        Self {
            live: Table::new(),
            deleted: Table::new(),
        }
    }

    /// The context, if it is remembered.
    pub(super) fn get(&self, id: u32) -> Option<&Context> {
        self.live.get(id).or_else(|| self.deleted.get(id))
    }

    /// Puts a context in the place of the one with this id, and forgets the oldest ones that are
    /// over the bound.
    pub(super) fn put(&mut self, id: u32, context: Context, bound: Bound) {
        self.live.put(id, context);
        self.live.forget(bound);
    }

    /// Takes a context out, wherever it is.
    pub(super) fn take(&mut self, id: u32) -> Option<Context> {
        self.live.take(id).or_else(|| self.deleted.take(id))
    }

    /// Marks a context as deleted. It is remembered if `again` says that it may be encoded again.
    pub(super) fn delete(&mut self, id: u32, again: impl FnOnce(&Context) -> bool) {
        if let Some(context) = self.live.take(id)
            && again(&context)
        {
            self.deleted.put(id, context);
            self.deleted.forget(DELETED);
        }
    }
}

/// How much a table may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) contexts: usize,
    pub(super) bytes: usize,
}

/// Contexts in the order of their ids, which is that of their age: the host counts them up.
#[derive(Debug)]
struct Table {
    contexts: Vec<(u32, Context)>,
    bytes: usize,
}

impl Table {
    const fn new() -> Self {
        Self {
            contexts: Vec::new(),
            bytes: 0,
        }
    }

    fn find(&self, id: u32) -> Result<usize, usize> {
        // Nearly every call is about the newest context or goes behind it.
        match self.contexts.last() {
            Some((newest, _)) if *newest == id => Ok(self.contexts.len() - 1),
            Some((newest, _)) if *newest < id => Err(self.contexts.len()),
            _ => self.contexts.binary_search_by_key(&id, |(id, _)| *id),
        }
    }

    fn get(&self, id: u32) -> Option<&Context> {
        let at = self.find(id).ok()?;
        self.contexts.get(at).map(|(_, context)| context)
    }

    fn put(&mut self, id: u32, context: Context) {
        self.bytes += context.frame.capacity();
        match self.find(id) {
            Ok(at) => {
                if let Some((_, old)) = self.contexts.get_mut(at) {
                    self.bytes -= old.frame.capacity();
                    *old = context;
                }
            }
            Err(at) => self.contexts.insert(at, (id, context)),
        }
    }

    fn take(&mut self, id: u32) -> Option<Context> {
        let at = self.find(id).ok()?;
        let (_, context) = self.contexts.remove(at);
        self.bytes -= context.frame.capacity();
        Some(context)
    }

    /// Forgets the oldest contexts if the table is over `bound`. By count it forgets an eighth at a
    /// time, because each time all others move.
    fn forget(&mut self, bound: Bound) {
        let mut oldest = 0;
        if self.contexts.len() > bound.contexts {
            oldest = self.contexts.len() - (bound.contexts - bound.contexts / 8);
        }
        let mut bytes = self.bytes;
        for (at, (_, context)) in self.contexts.iter().enumerate() {
            if at >= oldest && bytes <= bound.bytes {
                break;
            }
            oldest = oldest.max(at + 1);
            bytes -= context.frame.capacity();
        }
        self.bytes = bytes;
        self.contexts.drain(..oldest);
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
        assert!(contexts.get(2).is_none());
        assert!(contexts.get(3).is_some());
        assert_eq!(contexts.live.bytes, 3);
        let bound = Bound {
            contexts: 16,
            bytes: 100,
        };
        for id in 6..=19 {
            contexts.put(id, context(1), bound);
        }
        assert_eq!(contexts.live.contexts.len(), 14, "an eighth went at once");
    }

    #[test]
    fn the_oldest_contexts_are_forgotten_by_bytes() {
        let mut contexts = Contexts::new();
        contexts.put(1, context(60), BOUND);
        contexts.put(2, context(60), BOUND);
        assert!(contexts.get(1).is_none());
        contexts.put(3, context(101), BOUND);
        assert!(
            contexts.get(3).is_none(),
            "a frame over the bound is not kept at all"
        );
        assert_eq!(contexts.live.bytes, 0);
    }

    #[test]
    fn a_deleted_context_is_remembered_once_and_replaced_by_a_new_one() {
        let mut contexts = Contexts::new();
        contexts.put(7, context(4), BOUND);
        contexts.delete(7, |_| true);
        contexts.delete(7, |_| true);
        assert_eq!(contexts.get(7).map(|context| context.frame.len()), Some(4));
        contexts.put(7, context(5), BOUND);
        assert_eq!(contexts.get(7).map(|context| context.frame.len()), Some(5));
        contexts.delete(7, |_| false);
        assert_eq!(contexts.get(7).map(|context| context.frame.len()), Some(4));
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
        assert!(contexts.take(9).is_some());
        assert!(contexts.take(9).is_none());
    }
}
