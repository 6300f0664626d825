//! Correlation ids that are no numbers, each by the number that the host knows it by.
//!
//! A request brings its id, and the answer to it comes through another instance with the number alone. What
//! all instances share is the host's data, from which nothing can be removed. So there is a fixed number
//! of entries there, each with the latest ids whose numbers fall on it.

use super::Host;
use super::log::warn;
use crate::command::Command;
use crate::protocol::Plugin;

/// Entries that a protocol may have in the host's data.
const ENTRIES: u64 = 8192;
/// Ids in an entry; the oldest goes.
const IDS: usize = 8;
/// The longest id that is remembered, in bytes.
pub(super) const LONGEST: usize = 255;
/// How often another instance may come between a look and a change.
const TRIES: usize = 8;

/// An id with its number, in an entry.
struct Known<'e> {
    number: u64,
    id: &'e [u8],
}

/// Remembers the id of a request, if it is no number; whether it could.
#[cold]
pub(super) fn keep<P: Plugin>(host: &dyn Host, request: &[u8]) -> bool {
    let Some(view) = P::parse(request).frame() else {
        return true;
    };
    let Some(id) = view.opaque_id() else {
        return true;
    };
    if id.len() <= LONGEST {
        remember(host, P::NAME, view.id(), id);
    }
    id.len() <= LONGEST
}

/// The id that the peer of an answer knows its call by, if that is no number.
pub(super) fn restored<P: Plugin>(
    host: &dyn Host,
    answer: &P::View<'_>,
    number: u64,
) -> Option<Vec<u8>> {
    let other = P::OPAQUE && !answer.kind().is_request() && answer.id() != number;
    if !other || answer.opaque_id().is_none() {
        return None;
    }
    let id = recall(host, P::NAME, number);
    if id.is_none() {
        warn(
            host,
            format_args!("an answer's id is forgotten: its caller will not know it"),
        );
    }
    id
}

/// Remembers the id that a number stands for.
fn remember(host: &dyn Host, protocol: &str, number: u64, id: &[u8]) {
    let key = key(protocol, number);
    for _ in 0..TRIES {
        let (entry, version) = host.shared(&key).unwrap_or_default();
        let mut kept: Vec<Known<'_>> = read(&entry).collect();
        let latest = kept.last();
        if latest.is_some_and(|known| known.number == number && known.id == id) {
            return;
        }
        kept.retain(|known| known.number != number);
        let forgotten = (kept.len() + 1).saturating_sub(IDS);
        let kept = kept.into_iter().skip(forgotten);
        let mut changed = Vec::new();
        for known in kept.chain([Known { number, id }]) {
            changed.extend_from_slice(&known.number.to_be_bytes());
            changed.push(known.id.len() as u8);
            changed.extend_from_slice(known.id);
        }
        if host.set_shared(&key, &changed, version) {
            return;
        }
    }
    warn(
        host,
        format_args!("an id is not remembered: the host's data changes too fast"),
    );
}

/// The id that a number stands for, if it is remembered.
fn recall(host: &dyn Host, protocol: &str, number: u64) -> Option<Vec<u8>> {
    let (entry, _) = host.shared(&key(protocol, number))?;
    let known = read(&entry).find(|known| known.number == number)?;
    Some(known.id.to_vec())
}

/// The entry that a number falls on. All plugins of the host share its data.
fn key(protocol: &str, number: u64) -> Vec<u8> {
    let mut key = b"meshwire/".to_vec();
    key.extend_from_slice(protocol.as_bytes());
    key.push(b'/');
    // The numbers are hashes.
    key.extend_from_slice(&((number % ENTRIES) as u16).to_be_bytes());
    key
}

/// The ids of an entry, the oldest first; of one that somebody else has written, what can be read.
fn read(entry: &[u8]) -> impl Iterator<Item = Known<'_>> {
    let mut rest = entry;
    core::iter::from_fn(move || {
        let (number, behind) = rest.split_first_chunk()?;
        let (len, behind) = behind.split_first()?;
        let (id, behind) = behind.split_at_checked(usize::from(*len))?;
        rest = behind;
        Some(Known {
            number: u64::from_be_bytes(*number),
            id,
        })
    })
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;
    use std::collections::HashMap;

    use super::*;
    use crate::mosn::Buffer;
    use crate::protocol::{Level, Log};

    /// Values by their key, each with its version.
    type Values = HashMap<Vec<u8>, (Vec<u8>, u32)>;

    /// Data as the host shares it; every so many changes come too late.
    #[derive(Default)]
    struct Shared {
        data: RefCell<Values>,
        late: RefCell<usize>,
        log: RefCell<Vec<String>>,
    }

    impl Log for Shared {
        fn log(&self, _: Level, line: &str) {
            self.log.borrow_mut().push(line.to_owned());
        }
    }

    impl Host for Shared {
        fn buffer(&self, _: Buffer, _: usize) -> Option<Vec<u8>> {
            None
        }

        fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
            false
        }

        fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)> {
            self.data.borrow().get(key).cloned()
        }

        fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool {
            let mut late = self.late.borrow_mut();
            if *late > 0 {
                *late -= 1;
                return false;
            }
            let value = (value.to_vec(), version + 1);
            self.data.borrow_mut().insert(key.to_vec(), value);
            true
        }
    }

    #[test]
    fn an_id_is_recalled_by_its_number() {
        let host = Shared::default();
        remember(&host, "x", 7, b"seven");
        remember(&host, "x", 7 + ENTRIES, b"other");
        remember(&host, "y", 7, b"of another protocol");
        assert_eq!(recall(&host, "x", 7).as_deref(), Some(&b"seven"[..]));
        assert_eq!(
            recall(&host, "x", 7 + ENTRIES).as_deref(),
            Some(&b"other"[..])
        );
        assert_eq!(recall(&host, "x", 8), None);
        remember(&host, "x", 7, b"again");
        assert_eq!(recall(&host, "x", 7).as_deref(), Some(&b"again"[..]));
    }

    #[test]
    fn the_oldest_of_an_entry_are_forgotten() {
        let host = Shared::default();
        for number in 0..20 {
            remember(&host, "x", number * ENTRIES, b"id");
        }
        let known = (0..20).filter(|number| recall(&host, "x", number * ENTRIES).is_some());
        assert_eq!(known.collect::<Vec<_>>(), (12..20).collect::<Vec<_>>());
        assert_eq!(host.data.borrow().len(), 1);
    }

    #[test]
    fn an_id_that_comes_again_is_the_latest() {
        let host = Shared::default();
        for number in [0, 1, 2, 3, 0, 4, 5, 6, 7, 8, 9] {
            remember(&host, "x", number * ENTRIES, b"id");
        }
        assert!(recall(&host, "x", 0).is_some());
        assert!(recall(&host, "x", 2 * ENTRIES).is_none());
    }

    #[test]
    fn another_instance_may_come_between() {
        let host = Shared::default();
        *host.late.borrow_mut() = TRIES - 1;
        remember(&host, "x", 1, b"one");
        assert!(recall(&host, "x", 1).is_some());
        *host.late.borrow_mut() = TRIES;
        remember(&host, "x", 2, b"two");
        assert_eq!(host.log.borrow().len(), 1);
    }

    #[test]
    fn what_somebody_else_has_written_is_survived() {
        let host = Shared::default();
        for junk in [&[0xff; 30][..], b"junk", b""] {
            host.set_shared(&key("x", 3), junk, 0);
            remember(&host, "x", 3, b"three");
            assert_eq!(recall(&host, "x", 3).as_deref(), Some(&b"three"[..]));
        }
    }
}
