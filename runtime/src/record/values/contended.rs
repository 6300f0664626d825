//! Keys that a string and another value have.

use std::borrow::Cow;

use crate::frame::FormatError;
use crate::wire::Reason;

use super::map::{Entries, Value};

/// The keys of numbers that strings shall have too. A Java map keeps the entry that is put last, and headers
/// come back from a host in any order: the numbers go where the same entry counts as before, and that of the
/// host where there was no string.
pub(super) struct Contended<'r> {
    /// The keys in their order, each with whether its number counts.
    keys: Vec<(Cow<'r, [u8]>, bool)>,
}

impl<'r> Contended<'r> {
    /// The keys of entries that are not strings and of `wanted`. Other values than numbers may say what later
    /// ones refer to, so they cannot be moved, and a map that has a string of their key too is not written.
    pub(super) fn of(
        entries: &Entries<'r>,
        wanted: &[(&[u8], &[u8])],
    ) -> Result<Self, FormatError> {
        let mut keys = Vec::new();
        let is_other = |value: &Value<'_>| matches!(value, Value::Other(_));
        let mut named = entries.clone().filter(|entry| entry.key.is_some());
        if !named.any(|entry| is_other(&entry.value)) {
            return Ok(Self { keys });
        }
        let named = entries.clone().enumerate().filter_map(|(place, entry)| {
            let number = match entry.value {
                Value::Text(_) => None,
                Value::Other(number) => Some(number.is_some()),
            };
            Some((entry.key?, place, number, entry.range.start))
        });
        let mut all: Vec<_> = named.collect();
        all.sort_unstable();
        let mut strings: Vec<&[u8]> = wanted.iter().map(|(key, _)| *key).collect();
        strings.sort_unstable();
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            let Some((key, _, last, start)) = same.last() else {
                continue;
            };
            let is_wanted = strings.binary_search(&&**key).is_ok();
            let others = same.iter().filter_map(|(_, _, number, _)| *number);
            let (others, numbers) = (others.clone().count(), others.filter(|is| *is).count());
            let has_string = others < same.len();
            if others == 0 || !is_wanted {
                continue;
            }
            if numbers == others {
                keys.push((key.clone(), has_string && last.is_some()));
            } else if has_string {
                return Err(FormatError {
                    offset: *start,
                    reason: Reason::NoPlace,
                });
            }
        }
        Ok(Self { keys })
    }

    /// Whether the numbers of this key count; `None` if no string shall have it too.
    pub(super) fn counts(&self, key: Option<&[u8]>) -> Option<bool> {
        let key = key?;
        let at = self.keys.binary_search_by(|(found, _)| (**found).cmp(key));
        self.keys.get(at.ok()?).map(|(_, counts)| *counts)
    }

    /// Whether there are no such keys.
    pub(super) fn are_none(&self) -> bool {
        self.keys.is_empty()
    }
}
