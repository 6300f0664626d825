//! Reading: fixed fields in place, parts when asked.

use core::ops::Range;

use crate::frame::Headers;
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot};

/// An integer field.
#[inline]
pub fn get<T: Int>(head: &[u8], slot: Slot) -> T {
    T::load(head, slot.at, slot.endian)
}

/// A fixed field of any type.
#[inline]
pub fn fixed<T: Fixed>(head: &[u8], slot: Slot) -> Result<T, Error> {
    let bits = T::Bits::load(head, slot.at, slot.endian);
    T::from_bits(bits).ok_or_else(|| unknown(slot, bits.number()))
}

/// Checks that a field holds a value that its type knows.
#[inline]
pub fn known<T: Fixed>(head: &[u8], slot: Slot) -> Result<(), Error> {
    fixed::<T>(head, slot).map(|_| ())
}

/// Whether a field holds this value.
#[inline]
pub fn is<T: Fixed>(head: &[u8], slot: Slot, value: &T) -> bool {
    T::Bits::load(head, slot.at, slot.endian) == value.bits()
}

/// Whether two values are the same on the wire.
#[inline]
pub fn same<T: Fixed>(value: &T, other: &T) -> bool {
    value.bits() == other.bits()
}

/// A code as a number.
#[inline]
pub fn code<T: Fixed<Bits: Int>>(value: &T) -> i64 {
    value.bits().signed()
}

/// A length field, checked against the limit of its part.
#[inline]
pub fn len<T: Int>(head: &[u8], slot: Slot, max: usize) -> Result<u64, Error> {
    let Some(len) = get::<T>(head, slot).length() else {
        return Err(Error::new(
            slot.frame,
            slot.field,
            slot.at,
            Reason::NegativeLength,
        ));
    };
    if len > max as u64 {
        let reason = Reason::OverLimit {
            max: max as u64,
            got: len,
        };
        return Err(Error::new(slot.frame, slot.field, slot.at, reason));
    }
    Ok(len)
}

/// The bytes of a part that a scan has claimed.
#[inline]
pub fn region(raw: &[u8], range: Range<usize>) -> &[u8] {
    raw.get(range).unwrap_or_default()
}

/// The header map in a region of `raw`.
#[inline]
pub fn headers<'a>(raw: &[u8], region: &'a [u8], slot: Slot) -> Result<Headers<'a>, Error> {
    Headers::parse(region, slot.of(raw, region))
}

/// The text in a region of `raw`.
pub fn text<'a>(raw: &[u8], region: &'a [u8], slot: Slot) -> Result<&'a str, Error> {
    str::from_utf8(region).map_err(|error| {
        let at = slot.of(raw, region).at + error.valid_up_to();
        Error::new(slot.frame, slot.field, at, Reason::NotUtf8)
    })
}

#[cold]
fn unknown(slot: Slot, got: u64) -> Error {
    Error::new(
        slot.frame,
        slot.field,
        slot.at,
        Reason::UnknownValue { got },
    )
}
