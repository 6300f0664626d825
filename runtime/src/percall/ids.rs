//! Ids of calls towards a server.
//!
//! Where the protocol's ids are wide enough, the number of a stream is the id: streams are never counted twice. Narrow
//! ids are given in turn. That of a call that was given up is not given again until its answer has come: it would be
//! taken for that of another call.

use std::collections::BTreeMap;

/// The ids of a connection to a server.
#[derive(Debug)]
pub(super) struct Ids {
    /// Ids go from 1 to this number.
    largest: u64,
    latest: u64,
    /// The streams of the ids that are in use, `None` of those given up.
    streams: BTreeMap<u64, Option<u32>>,
}

/// The largest number of a stream.
const LARGEST_STREAM: u64 = 0x7fff_ffff;

impl Ids {
    /// Ids of a protocol in which they go up to `largest`.
    pub(super) const fn new(largest: u64) -> Self {
        Self {
            largest,
            latest: 0,
            streams: BTreeMap::new(),
        }
    }

    const fn are_wide(&self) -> bool {
        self.largest >= LARGEST_STREAM
    }

    /// The id of a call; `None` if all are in use.
    pub(super) fn give(&mut self, stream: u32) -> Option<u64> {
        if self.are_wide() {
            self.streams.insert(stream.into(), Some(stream));
            return Some(stream.into());
        }
        if self.streams.len() as u64 >= self.largest {
            return None;
        }
        loop {
            self.latest = if self.latest >= self.largest {
                1
            } else {
                self.latest + 1
            };
            if !self.streams.contains_key(&self.latest) {
                self.streams.insert(self.latest, Some(stream));
                return Some(self.latest);
            }
        }
    }

    /// The answer to a call has come: its stream, if anybody waits for it.
    pub(super) fn answered(&mut self, id: u64) -> Option<u32> {
        self.streams.remove(&id).flatten()
    }

    /// Nobody waits for the answer to a call.
    pub(super) fn give_up(&mut self, id: u64) {
        if self.are_wide() {
            self.streams.remove(&id);
        } else if let Some(stream) = self.streams.get_mut(&id) {
            *stream = None;
        }
    }

    /// The call has not been sent.
    pub(super) fn take_back(&mut self, id: u64) {
        self.streams.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_ids_are_the_streams() {
        let mut ids = Ids::new(u64::from(u32::MAX));
        assert_eq!((ids.give(1), ids.give(3)), (Some(1), Some(3)));
        assert_eq!((ids.answered(3), ids.answered(3)), (Some(3), None));
        ids.give_up(1);
        assert_eq!((ids.answered(1), ids.streams.len()), (None, 0));
    }

    #[test]
    fn narrow_ids_are_given_again_once_they_are_answered() {
        let mut ids = Ids::new(3);
        let given: Vec<_> = (1..=4).map(|stream| ids.give(stream)).collect();
        assert_eq!(given, [Some(1), Some(2), Some(3), None]);
        assert_eq!(ids.answered(2), Some(2));
        assert_eq!((ids.give(5), ids.answered(2)), (Some(2), Some(5)));
        ids.give_up(1);
        assert_eq!(ids.give(6), Some(2));
        assert_eq!(ids.give(7), None, "the answer to 1 may still come");
        assert_eq!((ids.answered(1), ids.give(7)), (None, Some(1)));
        ids.take_back(1);
        assert_eq!(ids.give(8), Some(1));
    }
}
