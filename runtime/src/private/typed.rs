//! What depends on a type that the author names: that of a fixed field, the algorithm of a checksum.
//!
//! Generated code calls all of it through one trait, at the type as it was written. The trait has no bound
//! of its own, so of a type that will not do the compiler says the same thing at each call, and prints it
//! once.

use core::ops::Range;

use super::rewrite::Computed;
use super::{read, write};
use crate::frame::ranges::{self, Ranges};
use crate::frame::{self, Detection};
use crate::wire::{Bits, Checksum, Error, Fixed, Int, Show, Slot};

/// A fixed field, by its type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a frame",
    label = "not a type of fixed width",
    note = "use an integer, `[u8; N]`, or an enum with `#[derive(Frame)]` and a `repr`",
    note = "list the fields of a struct in the frame itself; for an alias of a part, write the type"
)]
pub trait Wire: Sized {
    /// Width on the wire, in bytes.
    const WIDTH: usize;
    /// How many bits of a field of bits it can hold.
    const HOLDS: u32;
    /// How errors show its values.
    const SHOW: Option<Show>;
    /// The values that have names.
    const NAMED: &'static [(&'static str, u64)];
    /// The same, if there are no other values.
    const ONLY: Option<&'static [(&'static str, u64)]>;

    /// The field, in a run of `raw`.
    fn read(raw: &[u8], run: &[u8], slot: &'static Slot) -> Result<Self, Error>;

    /// Checks that the field holds a value that its type knows.
    fn known(raw: &[u8], run: &[u8], slot: &'static Slot) -> Result<(), Error>;

    /// Checks that the field holds one of these values.
    fn expect(raw: &[u8], run: &[u8], slot: &'static Slot, wanted: &[Self]) -> Result<(), Error>;

    /// Whether the field, of bytes that may be too few, holds one of these values.
    fn holds(bytes: &[u8], slot: &'static Slot, wanted: &[Self]) -> bool;

    /// Compares the field with the one value that it has in every frame of the protocol.
    fn magic(seen: Detection, bytes: &[u8], slot: &'static Slot, wanted: &Self) -> Detection;

    /// Compares the field with the values of this frame.
    fn tag(seen: Detection, bytes: &[u8], slot: &'static Slot, wanted: &[Self]) -> Detection;

    /// Whether the field holds this value.
    fn is(run: &[u8], slot: &'static Slot, value: &Self) -> bool;

    /// Whether two values are the same on the wire.
    fn same(&self, other: &Self) -> bool;

    /// Writes the field.
    fn put(run: &mut [u8], slot: &'static Slot, value: &Self);

    /// Whether the value is not among these.
    fn is_none_of(&self, wanted: &[Self]) -> bool;

    /// The same for ranges of bit patterns, of a number or a code.
    fn holds_within(bytes: &[u8], slot: &'static Slot, ranges: &'static Ranges) -> bool;

    /// The same for the values of this frame.
    fn tag_within(
        seen: Detection,
        bytes: &[u8],
        slot: &'static Slot,
        ranges: &'static Ranges,
    ) -> Detection;

    /// Checks that the field holds a value of these ranges.
    fn expect_within(
        raw: &[u8],
        run: &[u8],
        slot: &'static Slot,
        ranges: &'static Ranges,
    ) -> Result<(), Error>;

    /// Whether the value is in one of these ranges.
    fn is_within(&self, ranges: &'static Ranges) -> bool;

    /// What to say of a value that is not the declared one.
    fn wrong_magic(slot: &'static Slot, value: &Self, wanted: &[Self]) -> Error;

    /// What to say of a value that is another frame's.
    fn wrong_tag(slot: &'static Slot, value: &Self, wanted: &[Self]) -> Error;

    /// What to say of a value that has more bits than its field; nothing if it has not.
    fn fits_bits(slot: &'static Slot, value: &Self) -> Result<(), Error>;
}

impl<T: Fixed> Wire for T {
    const WIDTH: usize = <T as Fixed>::SIZE;
    const HOLDS: u32 = <T::Bits as Bits>::BITS;
    const SHOW: Option<Show> = <T::Bits as Bits>::SHOW;
    const NAMED: &'static [(&'static str, u64)] = <T as Fixed>::CODES;
    const ONLY: Option<&'static [(&'static str, u64)]> = if <T as Fixed>::OPEN {
        None
    } else {
        Some(<T as Fixed>::CODES)
    };

    #[inline]
    fn read(raw: &[u8], run: &[u8], slot: &'static Slot) -> Result<Self, Error> {
        read::fixed(raw, run, slot)
    }

    #[inline]
    fn known(raw: &[u8], run: &[u8], slot: &'static Slot) -> Result<(), Error> {
        read::fixed::<Self>(raw, run, slot).map(|_| ())
    }

    #[inline]
    fn expect(raw: &[u8], run: &[u8], slot: &'static Slot, wanted: &[Self]) -> Result<(), Error> {
        read::expect(raw, run, slot, wanted)
    }

    #[inline]
    fn holds(bytes: &[u8], slot: &'static Slot, wanted: &[Self]) -> bool {
        frame::holds(bytes, slot, wanted)
    }

    #[inline]
    fn magic(seen: Detection, bytes: &[u8], slot: &'static Slot, wanted: &Self) -> Detection {
        seen.magic(bytes, slot, wanted)
    }

    #[inline]
    fn tag(seen: Detection, bytes: &[u8], slot: &'static Slot, wanted: &[Self]) -> Detection {
        seen.tag(bytes, slot, wanted)
    }

    #[inline]
    fn is(run: &[u8], slot: &'static Slot, value: &Self) -> bool {
        slot.load::<T::Bits>(run) == value.bits()
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }

    #[inline]
    fn put(run: &mut [u8], slot: &'static Slot, value: &Self) {
        slot.store(value.bits(), run);
    }

    #[inline]
    fn is_none_of(&self, wanted: &[Self]) -> bool {
        !wanted.iter().any(|wanted| wanted.bits() == self.bits())
    }

    #[inline]
    fn holds_within(bytes: &[u8], slot: &'static Slot, ranges: &'static Ranges) -> bool {
        let there = bytes.len() >= slot.end();
        there && ranges::contain(ranges, slot.load::<T::Bits>(bytes).number())
    }

    #[inline]
    fn tag_within(
        seen: Detection,
        bytes: &[u8],
        slot: &'static Slot,
        ranges: &'static Ranges,
    ) -> Detection {
        seen.tag_within(bytes, slot, ranges, slot.load::<T::Bits>(bytes).number())
    }

    #[inline]
    fn expect_within(
        raw: &[u8],
        run: &[u8],
        slot: &'static Slot,
        ranges: &'static Ranges,
    ) -> Result<(), Error> {
        let got = slot.load::<T::Bits>(run).number();
        read::expect_within(raw, run, slot, ranges, got)
    }

    #[inline]
    fn is_within(&self, ranges: &'static Ranges) -> bool {
        ranges::contain(ranges, self.bits().number())
    }

    #[cold]
    fn wrong_magic(slot: &'static Slot, value: &Self, wanted: &[Self]) -> Error {
        write::wrong_magic(slot, value, wanted)
    }

    #[cold]
    fn wrong_tag(slot: &'static Slot, value: &Self, _: &[Self]) -> Error {
        write::wrong_tag(slot, value)
    }

    #[inline]
    fn fits_bits(slot: &'static Slot, value: &Self) -> Result<(), Error> {
        write::fits_bits(slot, value)
    }
}

/// A fixed field that is a number or a code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a frame",
    label = "not a number",
    note = "use an integer, `[u8; N]`, or an enum with `#[derive(Frame)]` and a `repr`",
    note = "list the fields of a struct in the frame itself; for an alias of a part, write the type"
)]
pub trait Coded: Sized {
    /// The least number.
    const LEAST: i64;
    /// The largest number, as far as a status can be.
    const MOST: i64;

    /// The field as a number.
    fn code_in(run: &[u8], slot: &'static Slot) -> i64;

    /// The value as a number.
    fn code(&self) -> i64;

    /// The value of this number.
    fn of_code(slot: &'static Slot, code: i64) -> Result<Self, Error>;
}

impl<T: Fixed<Bits: Int>> Coded for T {
    const LEAST: i64 = <T::Bits as Int>::MIN;
    #[expect(clippy::cast_possible_wrap, reason = "it has been compared")]
    const MOST: i64 = if <T::Bits as Int>::MAX > i64::MAX as u64 {
        i64::MAX
    } else {
        <T::Bits as Int>::MAX as i64
    };

    #[inline]
    fn code_in(run: &[u8], slot: &'static Slot) -> i64 {
        slot.load::<T::Bits>(run).signed()
    }

    #[inline]
    fn code(&self) -> i64 {
        self.bits().signed()
    }

    fn of_code(slot: &'static Slot, code: i64) -> Result<Self, Error> {
        write::narrow_code(slot, code)
    }
}

/// A checksum, by its algorithm.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a checksum",
    label = "not an algorithm",
    note = "use `Crc32`, another one of `meshwire::wire`, or implement `meshwire::wire::Checksum`"
)]
pub trait Summed {
    /// How it is on the wire.
    type Value: Int;
    /// Width on the wire, in bytes.
    const WIDTH: usize;
    /// How it is written.
    const COMPUTED: Computed;

    /// Checks the checksum in a run of `raw` against the bytes that it covers.
    fn verify(
        raw: &[u8],
        run: &[u8],
        slot: &'static Slot,
        covered: Range<usize>,
    ) -> Result<(), Error>;
}

impl<C: Checksum> Summed for C {
    type Value = C::Value;
    const WIDTH: usize = <C::Value as Bits>::SIZE;
    const COMPUTED: Computed = Computed::by::<C>();

    fn verify(
        raw: &[u8],
        run: &[u8],
        slot: &'static Slot,
        covered: Range<usize>,
    ) -> Result<(), Error> {
        read::verify::<C>(raw, run, slot, covered)
    }
}
