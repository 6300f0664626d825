//! A correlation id replaced where it is: nothing else of a frame changes that is passed on.

use super::edit::no_place;
use super::encoding::{Encoding, Entry};
use super::fault::{Fault, Result};
use super::table::{Row, Ty};
use super::typed::id_of;
use crate::command::{IdEdit, IdPlace, PayloadMetadata};
use crate::frame::FormatError;

/// What a region says of its frame, and where its id is.
pub type Located = (PayloadMetadata, Option<IdPlace>);

impl IdPlace {
    /// The place of a row's entry. In a module, where size counts more, an edit finds it again.
    #[inline]
    pub(super) fn of<E: Encoding>(
        encoding: E,
        row: &'static Row,
        entry: &Entry<E::Key<'_>>,
    ) -> Option<Self> {
        if cfg!(target_family = "wasm") {
            return None;
        }
        let replaced = encoding.replaced(entry);
        let (start, end) = (replaced.start as u32, replaced.end as u32);
        Some(Self { row, start, end })
    }
}

/// Appends `raw`, in which the region begins at `base`, up to the id in the region, and another id. Returns where `raw`
/// goes on after the id.
///
/// # Errors
/// If the region cannot have this id. Something may have been appended then.
pub fn replace_id<E: Encoding>(
    encoding: E,
    (raw, base): (&[u8], usize),
    place: IdPlace,
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> core::result::Result<usize, FormatError> {
    put(encoding, (raw, base), place, wanted, out).map_err(Fault::into_error)
}

fn put<E: Encoding>(
    encoding: E,
    (raw, base): (&[u8], usize),
    IdPlace { row, start, end }: IdPlace,
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> Result<usize> {
    let row: &Row = row.downcast_ref().ok_or_else(no_place)?;
    let before = raw.get(..base + start as usize).ok_or_else(no_place)?;
    let value = match (wanted, row.ty) {
        // A number becomes a text only where there is none.
        (IdEdit::Number(_), Ty::Int { .. }) | (IdEdit::Opaque(_), _) => {
            id_of::<E>(row, wanted, b"")?
        }
        (IdEdit::Number(_), _) => return Err(no_place()),
    };
    out.extend_from_slice(before);
    encoding.put_id(row, value, out)?;
    Ok(base + end as usize)
}
