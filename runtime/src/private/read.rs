//! Reading: fixed fields in place, parts when asked.

use core::ops::Range;

use crate::frame::{self, Headers};
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot, offset_in};

/// An integer field.
#[inline]
pub fn get<T: Int>(head: &[u8], slot: &'static Slot) -> T {
    T::load(head, slot.at, slot.endian)
}

/// A fixed field of any type.
#[inline]
pub fn fixed<T: Fixed>(head: &[u8], slot: &'static Slot) -> Result<T, Error> {
    let bits = T::Bits::load(head, slot.at, slot.endian);
    T::from_bits(bits).ok_or_else(|| slot.error(Reason::UnknownValue { got: bits.number() }))
}

/// Checks that a field holds a value that its type knows.
#[inline]
pub fn known<T: Fixed>(head: &[u8], slot: &'static Slot) -> Result<(), Error> {
    fixed::<T>(head, slot).map(|_| ())
}

/// Whether a field of bytes that may be too few holds one of these values.
#[inline]
pub fn holds<T: Fixed>(bytes: &[u8], slot: &'static Slot, wanted: &[T]) -> bool {
    frame::holds(bytes, slot, wanted)
}

/// Whether a field holds this value.
#[inline]
pub fn is<T: Fixed>(head: &[u8], slot: &'static Slot, value: &T) -> bool {
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

/// The bytes of a part that a scan has claimed.
#[inline]
pub fn region(raw: &[u8], range: Range<usize>) -> &[u8] {
    raw.get(range).unwrap_or_default()
}

/// The header map in a region of `raw`.
#[inline]
pub fn headers<'a>(
    raw: &[u8],
    region: &'a [u8],
    slot: &'static Slot,
) -> Result<Headers<'a>, Error> {
    Headers::parse(region, slot, offset_in(raw, region))
}

/// The text in a region of `raw`.
pub fn text<'a>(raw: &[u8], region: &'a [u8], slot: &'static Slot) -> Result<&'a str, Error> {
    str::from_utf8(region).map_err(|error| {
        let at = offset_in(raw, region) + error.valid_up_to();
        Error::new(slot, at, Reason::NotUtf8)
    })
}
