//! Varints in a frame that is written: how many bytes they have is known before the frame is put together.

use super::write::narrow_id;
use crate::wire::varint::{MAX_LEN, shortest};
use crate::wire::{Endian, Error, Reason, Slot, Variable};

/// The bytes of a varint: those that came, or the fewest for another value.
pub enum Varied<'p> {
    /// As it came, in more bytes than it needs perhaps.
    Came(&'p [u8]),
    /// Another value, at the front of the room for the longest one.
    New([u8; MAX_LEN], usize),
}

impl Varied<'_> {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Came(bytes) => bytes,
            Self::New(bytes, len) => bytes.get(..*len).unwrap_or_default(),
        }
    }
}

/// A varint that came nowhere from.
pub fn varint<T: Variable>(value: T) -> Varied<'static> {
    let (bytes, len) = shortest(value.to_wire());
    Varied::New(bytes, len)
}

/// A varint as it came, unless it shall be another value.
pub fn varint_kept<T: Variable>(came: &[u8], wanted: Option<T>) -> Varied<'_> {
    match wanted {
        // Of a frame that is made nothing came.
        Some(wanted) if came.is_empty() || wanted != T::load(came, 0, Endian::Big) => {
            varint(wanted)
        }
        _ => Varied::Came(came),
    }
}

/// A correlation id as it came, unless it shall be another one.
pub fn varint_id<'p, T: Variable>(
    came: &'p [u8],
    slot: &'static Slot,
    id: Option<u64>,
) -> Result<Varied<'p>, Error> {
    let id = id.map(|id| narrow_id::<T>(slot, id)).transpose()?;
    Ok(varint_kept(came, id))
}

/// The length of some pieces, but for the first `skip` bytes, in units of `unit` bytes: as it came, if it
/// says the same. One that it cannot say is an error of `blamed`.
pub fn varint_len<'p, T: Variable>(
    came: &'p [u8],
    blamed: &'static Slot,
    pieces: &[&[u8]],
    skip: usize,
    unit: usize,
) -> Result<Varied<'p>, Error> {
    let bytes: usize = pieces.iter().map(|piece| piece.len()).sum();
    // A pin has said what is wrong with a unit of nothing.
    let units = bytes.saturating_sub(skip).checked_div(unit).unwrap_or(0) as u64;
    let length = T::from_length(units).ok_or_else(|| {
        let unit = unit as u64;
        let (max, got) = (T::MAX.saturating_mul(unit), units.saturating_mul(unit));
        blamed.error(Reason::TooLong { max, got })
    })?;
    Ok(varint_kept(came, Some(length)))
}

/// The length of a part that can be absent.
pub fn varint_len_or_null<'p, T: Variable>(
    came: &'p [u8],
    blamed: &'static Slot,
    part: Option<&[u8]>,
    null: i64,
) -> Result<Varied<'p>, Error> {
    match part {
        Some(part) => varint_len::<T>(came, blamed, &[part], 0, 1),
        None => Ok(varint_kept(came, T::from_signed(null))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Varint;

    const SLOT: &Slot = &Slot::varint::<Varint<u16>>("Frame", "field");

    #[test]
    fn only_another_value_is_written_anew() {
        let came = [0x81, 0x80, 0x00];
        let kept = |id| {
            let id = varint_id::<Varint<u16>>(&came, SLOT, id);
            id.map(|id| id.bytes().to_vec())
        };
        assert_eq!(kept(None).unwrap(), came);
        assert_eq!(kept(Some(1)).unwrap(), came);
        assert_eq!(kept(Some(0x80)).unwrap(), [0x80, 0x01]);
        let (max, got) = (0xffff, 0x1_0000);
        let error = SLOT.error(Reason::OutOfRange { max, got });
        assert_eq!(kept(Some(got)), Err(error));
    }

    #[test]
    fn a_length_is_that_of_what_it_covers() {
        let long = vec![0; 0x2_0000];
        let len = |pieces: &[&[u8]], skip, unit| {
            let len = varint_len::<Varint<u16>>(&[], SLOT, pieces, skip, unit);
            len.map(|len| len.bytes().to_vec())
        };
        assert_eq!(len(&[], 0, 1).unwrap(), [0]);
        assert_eq!(len(&[&long[..100], &long[..29]], 1, 1).unwrap(), [0x80, 1]);
        assert_eq!(len(&[&long], 0, 4).unwrap(), [0x80, 0x80, 2]);
        let (max, got) = (0xffff, 0x2_0000);
        let error = SLOT.error(Reason::TooLong { max, got });
        assert_eq!(len(&[&long], 0, 1), Err(error));
        assert_eq!(len(&[&long], 0, 0).unwrap(), [0]);
    }
}
