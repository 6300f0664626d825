//! Non-numeric correlation ids, each by the number that the host knows it by.
//!
//! A request brings its id, and the answer to it comes through another instance with the number alone. What
//! all instances share is the host's data, from which nothing can be removed. So there is a fixed number
//! of entries there, each with the latest ids whose numbers fall on it.

use super::Host;
use super::log::warn;
use super::shared::{Purpose, TRIES, key, protocol};
use crate::command::Command;
use crate::protocol::Plugin;

/// Ids in an entry; the oldest goes.
const IDS: usize = 8;
/// The longest id that is remembered, in bytes.
pub(super) const LONGEST: usize = 255;

/// An id with its number, in an entry.
struct Known<'e> {
    number: u64,
    id: &'e [u8],
}

/// Remembers the id of a request, if it is non-numeric; whether it could.
#[cold]
pub(super) fn keep<P: Plugin>(host: &dyn Host, request: &[u8]) -> bool {
    let Some(view) = P::parse(request).frame() else {
        return true;
    };
    let Some(id) = view.opaque_id() else {
        return true;
    };
    if id.len() <= LONGEST {
        remember(host, const { protocol(P::NAME) }, view.id(), id);
    }
    id.len() <= LONGEST
}

/// The id that the peer of an answer knows its call by, if that is non-numeric.
pub(super) fn restored<P: Plugin>(
    host: &dyn Host,
    answer: &P::View<'_>,
    number: u64,
) -> Option<Vec<u8>> {
    let other = P::OPAQUE && !answer.kind().is_request() && answer.id() != number;
    if !other || answer.opaque_id().is_none() {
        return None;
    }
    let id = recall(host, const { protocol(P::NAME) }, number);
    if id.is_none() {
        warn(
            host,
            format_args!(
                "the original id of a response is no longer known: its caller cannot match it"
            ),
        );
    }
    id
}

/// Remembers the id that a number represents.
fn remember(host: &dyn Host, protocol: u64, number: u64, id: &[u8]) {
    let key = key(protocol, Purpose::Opaque, number);
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
        format_args!("cannot store an id: the host's shared data changes too fast"),
    );
}

/// The id that a number represents, if it is remembered.
fn recall(host: &dyn Host, protocol: u64, number: u64) -> Option<Vec<u8>> {
    let (entry, _) = host.shared(&key(protocol, Purpose::Opaque, number))?;
    let known = read(&entry).find(|known| known.number == number)?;
    Some(known.id.to_vec())
}

/// The ids of an entry, the oldest first; of one with another writer, what can be read.
fn read(entry: &[u8]) -> impl Iterator<Item = Known<'_>> {
    let mut rest = entry;
    core::iter::from_fn(move || {
        let (number, after) = rest.split_first_chunk()?;
        let (len, after) = after.split_first()?;
        let (id, after) = after.split_at_checked(usize::from(*len))?;
        rest = after;
        Some(Known {
            number: u64::from_be_bytes(*number),
            id,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mosn::shared::ENTRIES;

    const X: u64 = protocol("x");
    use crate::mosn::shared::tests::Shared;

    #[test]
    fn an_id_is_recalled_by_its_number() {
        let host = Shared::default();
        remember(&host, X, 7, b"seven");
        remember(&host, X, 7 + ENTRIES, b"other");
        remember(&host, protocol("y"), 7, b"of another protocol");
        assert_eq!(recall(&host, X, 7).as_deref(), Some(&b"seven"[..]));
        assert_eq!(
            recall(&host, X, 7 + ENTRIES).as_deref(),
            Some(&b"other"[..])
        );
        assert_eq!(recall(&host, X, 8), None);
        remember(&host, X, 7, b"again");
        assert_eq!(recall(&host, X, 7).as_deref(), Some(&b"again"[..]));
    }

    #[test]
    fn the_oldest_of_an_entry_are_forgotten() {
        let host = Shared::default();
        for number in 0..20 {
            remember(&host, X, number * ENTRIES, b"id");
        }
        let known = (0..20).filter(|number| recall(&host, X, number * ENTRIES).is_some());
        assert_eq!(known.collect::<Vec<_>>(), (12..20).collect::<Vec<_>>());
        assert_eq!(host.data.borrow().len(), 1);
    }

    #[test]
    fn an_id_that_comes_again_is_the_latest() {
        let host = Shared::default();
        for number in [0, 1, 2, 3, 0, 4, 5, 6, 7, 8, 9] {
            remember(&host, X, number * ENTRIES, b"id");
        }
        assert!(recall(&host, X, 0).is_some());
        assert!(recall(&host, X, 2 * ENTRIES).is_none());
    }

    #[test]
    fn another_instance_may_come_between() {
        let host = Shared::default();
        *host.late.borrow_mut() = TRIES - 1;
        remember(&host, X, 1, b"one");
        assert!(recall(&host, X, 1).is_some());
        *host.late.borrow_mut() = TRIES;
        remember(&host, X, 2, b"two");
        assert_eq!(host.log.borrow().len(), 1);
    }

    #[test]
    fn what_somebody_else_has_written_is_survived() {
        let host = Shared::default();
        for junk in [&[0xff; 30][..], b"junk", b""] {
            host.set_shared(&key(X, Purpose::Opaque, 3), junk, 0);
            remember(&host, X, 3, b"three");
            assert_eq!(recall(&host, X, 3).as_deref(), Some(&b"three"[..]));
        }
    }
}
