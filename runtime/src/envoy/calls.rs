//! Calls that wait for their answers, by their ids, and never more than a bound of them.

use std::collections::BTreeMap;

/// A call under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// When its frame was complete, in nanoseconds.
    pub(super) start: u64,
    /// Whose it is, as [`super::names::Names`] counts them.
    pub(super) name: usize,
    /// Bytes of its frame.
    pub(super) size: usize,
}

/// The calls under way of those who ask on one side of a connection.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// The number of each call, by its id.
    numbers: BTreeMap<u64, u64>,
    /// The calls in the order in which they came, by their number and with their ids.
    open: BTreeMap<u64, (u64, Call)>,
    next: u64,
}

impl Calls {
    /// A call has begun. A call of the same id is forgotten, and the oldest one if there are `max`;
    /// returns whether one was.
    pub(super) fn start(&mut self, id: u64, call: Call, max: usize) -> bool {
        let mut forgotten = self.finish(id).is_some();
        while self.open.len() >= max.max(1) {
            if let Some((_, (oldest, _))) = self.open.pop_first() {
                self.numbers.remove(&oldest);
                forgotten = true;
            }
        }
        self.numbers.insert(id, self.next);
        self.open.insert(self.next, (id, call));
        self.next = self.next.wrapping_add(1);
        forgotten
    }

    /// The answer to `id` is here: the call, if it is known.
    pub(super) fn finish(&mut self, id: u64) -> Option<Call> {
        let number = self.numbers.remove(&id)?;
        self.open.remove(&number).map(|(_, call)| call)
    }

    /// How many calls are under way.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Forgets them all, and their memory.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(start: u64) -> Call {
        Call {
            start,
            name: 0,
            size: 1,
        }
    }

    #[test]
    fn a_call_is_finished_once() {
        let mut calls = Calls::default();
        assert!(!calls.start(7, call(1), 9));
        assert!(!calls.start(8, call(2), 9));
        assert_eq!(calls.finish(7), Some(call(1)));
        assert_eq!(calls.finish(7), None);
        assert_eq!(calls.finish(9), None);
        assert_eq!(calls.len(), 1);
    }

    #[test]
    fn an_id_that_comes_again_is_the_new_call() {
        let mut calls = Calls::default();
        calls.start(7, call(1), 9);
        assert!(calls.start(7, call(2), 9));
        assert_eq!((calls.len(), calls.finish(7)), (1, Some(call(2))));
    }

    #[test]
    fn calls_without_answers_make_room_for_new_ones() {
        let mut calls = Calls::default();
        for id in 0..1000 {
            assert_eq!(calls.start(id, call(id), 3), id >= 3);
        }
        assert_eq!((calls.len(), calls.numbers.len()), (3, 3));
        assert_eq!(calls.finish(996), None);
        assert_eq!(calls.finish(997), Some(call(997)));
        calls.forget();
        assert_eq!(calls.finish(998), None);
    }
}
