//! Regions that are written again and keep what is not a pair in them.

use super::Headers;
use crate::frame::{Action, HeaderDiff};

/// Something in a region: its bytes, and the pair that they are, if they are one.
pub(super) type Segment<'r> = (&'r [u8], Option<(&'r [u8], &'r [u8])>);

/// Something to write in the place of an item.
pub(super) enum Piece<'p> {
    /// Bytes as they came.
    AsItCame(&'p [u8]),
    /// A pair that is new, or has another value.
    Pair(&'p [u8], &'p [u8]),
}

/// Writes the items of a region so that its pairs are the `wanted` ones, and what is not a pair stays where it
/// is.
pub(super) fn rewrite<'r, E>(
    items: impl Iterator<Item = Segment<'r>>,
    wanted: Headers<'_>,
    mut put: impl FnMut(Piece<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut diff = HeaderDiff::new(wanted.iter());
    for (bytes, pair) in items {
        match pair.map(|(key, value)| (key, diff.action(key, value))) {
            None | Some((_, Action::Keep)) => put(Piece::AsItCame(bytes))?,
            Some((key, Action::Replace(value))) => put(Piece::Pair(key, value))?,
            Some((_, Action::Remove)) => {}
        }
    }
    diff.rest()
        .try_for_each(|(key, value)| put(Piece::Pair(key, value)))
}
