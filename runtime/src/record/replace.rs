//! A correlation id replaced where it is: nothing else of a frame changes that is passed on.

use core::any::Any;

use super::edit::no_place;
use super::encoding::{Encoding, Entry};
use super::fault::{Fault, Result};
use super::field::Record;
use super::roles::Roles;
use super::table::{Row, Table, Ty};
use super::typed::id_of;
use crate::command::{IdEdit, IdPlace};
use crate::frame::FormatError;

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
#[allow(
    clippy::inline_always,
    reason = "the row of the id is a constant where it is called"
)]
#[inline(always)]
pub fn replace_id<E: Encoding, R: Record>(
    encoding: E,
    (raw, base): (&[u8], usize),
    place: IdPlace,
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> core::result::Result<usize, FormatError> {
    let before = raw.get(..base + place.start as usize);
    let written = before.ok_or_else(no_place).and_then(|before| {
        out.extend_from_slice(before);
        put::<E, R>(encoding, place, wanted, out)
    });
    written.map_err(Fault::into_error)?;
    Ok(base + place.end as usize)
}

/// Where the rows of ids are, so many as are constants where an id is written: the number of a variant, and of a row of it.
struct Ids<R>(R);

impl<R: Record> Ids<R> {
    const PLACES: [Option<(usize, usize)>; 2] = places(R::TABLE);

    /// One of them. Through the table, as a scan does it: a copy of the row would have another address.
    #[inline]
    fn row(place: Option<(usize, usize)>) -> Option<&'static Row> {
        let (variant, row) = place?;
        let table = R::TABLE.variants.get(variant).copied();
        table.unwrap_or(R::TABLE).rows.get(row)
    }
}

const fn places(table: &Table) -> [Option<(usize, usize)>; 2] {
    let mut places = [None; 2];
    let (mut variant, mut variants) = (0, table.variants);
    if let Some(row) = place(table.rows) {
        places[0] = Some((0, row));
    }
    while let Some((table, others)) = variants.split_first() {
        if let Some(row) = place(table.rows) {
            places = [Some((variant, row)), places[0]];
        }
        (variant, variants) = (variant + 1, others);
    }
    places
}

/// The first row of an id.
const fn place(rows: &[Row]) -> Option<usize> {
    let (mut index, mut rest) = (0, rows);
    while let Some((row, others)) = rest.split_first() {
        if row.role.as_set().meets(Roles::ID) {
            return Some(index);
        }
        (index, rest) = (index + 1, others);
    }
    None
}

/// Appends another id. For each row that it can be of there is code of its own, in which the row is a constant.
#[allow(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn put<E: Encoding, R: Record>(
    encoding: E,
    IdPlace { row, .. }: IdPlace,
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let [first, second] = const { Ids::<R>::PLACES };
    match (Ids::<R>::row(first), Ids::<R>::row(second)) {
        (Some(first), _) if is_at(row, first) => put_in(encoding, first, wanted, out),
        (_, Some(second)) if is_at(row, second) => put_in(encoding, second, wanted, out),
        _ => put_other(encoding, row, wanted, out),
    }
}

/// Whether a row is this one.
#[inline]
fn is_at(row: &(dyn Any + Send + Sync), other: &'static Row) -> bool {
    core::ptr::addr_eq(row, other)
}

/// The same for any row.
#[cold]
#[inline(never)]
fn put_other<E: Encoding>(
    encoding: E,
    row: &'static (dyn Any + Send + Sync),
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let row = row.downcast_ref().ok_or_else(no_place)?;
    put_in(encoding, row, wanted, out)
}

#[allow(clippy::inline_always, reason = "only there its row is a constant")]
#[inline(always)]
fn put_in<E: Encoding>(
    encoding: E,
    row: &'static Row,
    wanted: IdEdit<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let value = match (wanted, row.ty) {
        // A number becomes a text only where there is none.
        (IdEdit::Number(_), Ty::Int { .. }) | (IdEdit::Opaque(_), _) => {
            id_of::<E>(row, wanted, b"")?
        }
        (IdEdit::Number(_), _) => return Err(no_place()),
    };
    encoding.put_id(row, value, out)
}
