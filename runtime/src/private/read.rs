//! Reading: fixed fields in place, parts when asked.

use core::ops::Range;

use crate::frame::ranges::{self, Ranges};
use crate::frame::{self, Headers};
use crate::wire::{Bits, Checksum, Error, Fixed, Int, Reason, Slot, offset_in};

/// An integer field.
#[inline]
pub fn get<T: Int>(run: &[u8], slot: &'static Slot) -> T {
    slot.load(run)
}

/// A fixed field of any type, in a run of `raw`.
#[inline]
pub(super) fn fixed<T: Fixed>(raw: &[u8], run: &[u8], slot: &'static Slot) -> Result<T, Error> {
    let bits: T::Bits = slot.load(run);
    T::from_bits(bits).ok_or_else(|| {
        let got = bits.number();
        Error::new(
            slot,
            offset_in(raw, run) + slot.at,
            Reason::UnknownValue { got },
        )
    })
}

/// Checks that a field after a part holds one of these values.
#[inline]
pub(super) fn expect<T: Fixed>(
    raw: &[u8],
    run: &[u8],
    slot: &'static Slot,
    wanted: &[T],
) -> Result<(), Error> {
    let got: T::Bits = slot.load(run);
    if wanted.iter().any(|value| value.bits() == got) {
        return Ok(());
    }
    let got = got.number();
    let reason = match wanted {
        [only] => Reason::Magic {
            wanted: only.bits().number(),
            got,
        },
        _ => Reason::UnknownValue { got },
    };
    Err(Error::new(slot, offset_in(raw, run) + slot.at, reason))
}

/// Checks that a field after a part holds a value of these ranges.
pub(super) fn expect_within(
    raw: &[u8],
    run: &[u8],
    slot: &'static Slot,
    ranges: &'static Ranges,
    got: u64,
) -> Result<(), Error> {
    if ranges::contain(ranges, got) {
        return Ok(());
    }
    let reason = Reason::UnknownValue { got };
    Err(Error::new(slot, offset_in(raw, run) + slot.at, reason))
}

/// Checks a checksum against the bytes that it covers.
pub(super) fn verify<C: Checksum>(
    raw: &[u8],
    run: &[u8],
    slot: &'static Slot,
    covered: Range<usize>,
) -> Result<(), Error> {
    if run.is_empty() {
        return Ok(());
    }
    let at = offset_in(raw, run) + slot.at;
    let bytes = raw.get(covered.clone()).unwrap_or_default();
    let wanted = if covered.contains(&at) {
        let mut bytes = bytes.to_vec();
        let own = Slot {
            at: at - covered.start,
            ..*slot
        };
        own.store(<C::Value as Bits>::ZERO, &mut bytes);
        C::of(&bytes)
    } else {
        C::of(bytes)
    };
    let got: C::Value = slot.load(run);
    if got == wanted {
        return Ok(());
    }
    let (wanted, got) = (wanted.number(), got.number());
    Err(Error::new(slot, at, Reason::Checksum { wanted, got }))
}

/// The bytes of a fixed field.
#[inline]
pub fn bytes<'r>(run: &'r [u8], slot: &'static Slot) -> &'r [u8] {
    run.get(slot.at..slot.end()).unwrap_or_default()
}

/// Whether a field of bytes that may be too few holds decimal digits.
#[inline]
pub fn holds_digits(bytes: &[u8], slot: &'static Slot) -> bool {
    frame::holds_digits(bytes, slot)
}

/// Whether a part has these bytes.
#[inline]
pub fn same_bytes(part: &[u8], other: &[u8]) -> bool {
    part == other
}

/// The bytes of a part that a scan has claimed.
#[inline]
pub fn region(raw: &[u8], range: Range<usize>) -> &[u8] {
    raw.get(range).unwrap_or_default()
}

/// The first byte of a field of `raw` that is in this run.
pub fn place_in(raw: &[u8], run: &[u8], slot: &Slot) -> usize {
    offset_in(raw, run) + slot.at
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
