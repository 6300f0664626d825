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
    /// The calls by their ids, with their numbers.
    open: BTreeMap<u64, (u64, Call)>,
    /// How many have begun.
    begun: u64,
}

impl Calls {
    /// A call has begun. A call of the same id is forgotten, and where there are `max` all but the younger
    /// half: one at a time would have every further call look for the oldest. Returns how many were.
    pub(super) fn start(&mut self, id: u64, call: Call, max: usize) -> usize {
        let same = self.open.insert(id, (self.begun, call));
        self.begun = self.begun.wrapping_add(1);
        let before = self.open.len();
        if before > max {
            let young = self.begun.wrapping_sub(max.div_ceil(2) as u64);
            self.open.retain(|_, (number, _)| *number >= young);
        }
        usize::from(same.is_some()) + (before - self.open.len())
    }

    /// The answer to `id` is here: the call, if it is known.
    pub(super) fn finish(&mut self, id: u64) -> Option<Call> {
        self.open.remove(&id).map(|(_, call)| call)
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
        assert_eq!(calls.start(7, call(1), 9), 0);
        assert_eq!(calls.start(8, call(2), 9), 0);
        assert_eq!(calls.finish(7), Some(call(1)));
        assert_eq!(calls.finish(7), None);
        assert_eq!(calls.finish(9), None);
        assert_eq!(calls.len(), 1);
    }

    #[test]
    fn an_id_that_comes_again_is_the_new_call() {
        let mut calls = Calls::default();
        calls.start(7, call(1), 9);
        assert_eq!(calls.start(7, call(2), 9), 1);
        assert_eq!((calls.len(), calls.finish(7)), (1, Some(call(2))));
    }

    #[test]
    fn calls_without_answers_make_room_for_new_ones() {
        let mut calls = Calls::default();
        let forgotten: usize = (0..1000).map(|id| calls.start(id, call(id), 10)).sum();
        assert_eq!(forgotten + calls.len(), 1000);
        assert!((5..=10).contains(&calls.len()), "{}", calls.len());
        assert_eq!(calls.finish(989), None);
        assert_eq!(calls.finish(999), Some(call(999)));
        calls.forget();
        assert_eq!(calls.finish(998), None);
    }

    #[test]
    fn one_call_is_the_least_that_is_kept() {
        let mut calls = Calls::default();
        for id in 0..5 {
            assert_eq!(calls.start(id, call(id), 1), usize::from(id > 0));
            assert_eq!(calls.len(), 1);
        }
        assert_eq!(calls.finish(4), Some(call(4)));
    }
}
