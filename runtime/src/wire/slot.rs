//! Where a field is in the fixed part of a frame.

use super::{Bits, Endian, Error, Fixed, Keys, Reason, Show, Variable};

/// The place of one field, computed by the compiler from the widths before it. Of a part, which has
/// no place of its own, the end of the fixed part, or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slot {
    /// Name of the frame, as declared.
    pub frame: &'static str,
    /// Name of the field, as declared.
    pub field: &'static str,
    /// First byte, counted from the start of the frame; of a field after a part, from the first of the
    /// fixed fields side by side with it.
    pub at: usize,
    /// Width in bytes; of a varint, that of the integer it holds.
    pub size: usize,
    /// Byte order.
    pub endian: Endian,
    /// Of a part, the field that holds its length.
    pub length: Option<&'static Self>,
    /// Of a part, the most bytes that it may have.
    pub max: usize,
    /// Of a field of bits, how many; 0 if the field has all of its bytes.
    pub bits: u8,
    /// Of a bit field, the number of bits below it in its bytes.
    pub shift: u8,
    /// How errors show the values of a field that is bytes and no number.
    pub show: Option<Show>,
    /// Of a part whose content has keys, what names them.
    #[cfg(not(target_family = "wasm"))]
    pub keys: Option<&'static Keys>,
}

impl Slot {
    /// The slot at the start of `frame`.
    pub const fn first(
        frame: &'static str,
        field: &'static str,
        size: usize,
        endian: Endian,
    ) -> Self {
        Self {
            frame,
            field,
            at: 0,
            size,
            endian,
            length: None,
            max: 0,
            bits: 0,
            shift: 0,
            show: None,
            #[cfg(not(target_family = "wasm"))]
            keys: None,
        }
    }

    /// The slot of an integer at the start of `frame`, in big-endian order.
    #[doc(hidden)]
    pub const fn front<T: Fixed>(frame: &'static str, field: &'static str) -> Self {
        Self::first(frame, field, T::SIZE, Endian::Big)
    }

    /// The slot of an integer after this one, in big-endian order.
    #[doc(hidden)]
    #[must_use]
    pub const fn next<T: Fixed>(&self, field: &'static str) -> Self {
        self.then(field, T::SIZE, Endian::Big)
    }

    /// The same slot in little-endian order.
    #[doc(hidden)]
    #[must_use]
    pub const fn little(mut self) -> Self {
        self.endian = Endian::Little;
        self
    }

    /// The slot after this one.
    #[must_use]
    pub const fn then(&self, field: &'static str, size: usize, endian: Endian) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size,
            endian,
            length: None,
            max: 0,
            bits: 0,
            shift: 0,
            show: None,
            #[cfg(not(target_family = "wasm"))]
            keys: None,
        }
    }

    /// The same bytes, and of them only `bits` bits, above `shift` others.
    #[must_use]
    pub const fn of_bits(mut self, bits: u8, shift: u8) -> Self {
        self.bits = bits;
        self.shift = shift;
        self
    }

    /// The same slot, whose values errors show so.
    #[must_use]
    pub const fn showing(mut self, show: Option<Show>) -> Self {
        self.show = show;
        self
    }

    /// A slot in the same bytes, after the bits of this one.
    #[must_use]
    pub const fn beside(&self, field: &'static str, bits: u8) -> Self {
        Self {
            field,
            bits,
            shift: self.shift.saturating_sub(bits),
            ..*self
        }
    }

    /// The slot of a varint, which is side by side with no other field.
    pub const fn varint<T: Variable>(frame: &'static str, field: &'static str) -> Self {
        Self::first(frame, field, T::BITS as usize / 8, Endian::Big)
    }

    /// The slot of a part without a length field of its own: it has what a length around it leaves.
    #[must_use]
    pub const fn rest(frame: &'static str, field: &'static str, max: usize) -> Self {
        Self {
            max,
            ..Self::first(frame, field, 0, Endian::Big)
        }
    }

    /// The slot of the same part, whose length another field holds.
    #[must_use]
    pub const fn measured(mut self, length: &'static Self) -> Self {
        self.length = Some(length);
        self
    }

    /// The slot of a part after this slot, the last one of the fixed part.
    #[must_use]
    pub const fn part(&self, field: &'static str, length: &'static Self, max: usize) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size: 0,
            endian: self.endian,
            length: Some(length),
            max,
            bits: 0,
            shift: 0,
            show: None,
            #[cfg(not(target_family = "wasm"))]
            keys: None,
        }
    }

    /// The same part, whose content has these keys. A plugin does not name them.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_keys(
        #[cfg_attr(target_family = "wasm", expect(unused_mut, reason = "nothing is kept"))]
        mut self,
        keys: Option<&'static Keys>,
    ) -> Self {
        #[cfg(not(target_family = "wasm"))]
        {
            self.keys = keys;
        }
        let _ = keys;
        self
    }

    /// The value at this place.
    #[allow(
        clippy::inline_always,
        reason = "where the slot is known, one of the two ways is left"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn load<T: Bits>(&self, bytes: &[u8]) -> T {
        if self.bits == 0 {
            T::load(bytes, self.at, self.endian)
        } else {
            T::from_number(self.load_bits(bytes))
        }
    }

    /// Writes a value there; of a field of bits, as many as there are.
    #[allow(
        clippy::inline_always,
        reason = "where the slot is known, one of the two ways is left"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn store<T: Bits>(&self, value: T, bytes: &mut [u8]) {
        if self.bits == 0 {
            value.store(bytes, self.at, self.endian);
        } else {
            self.store_bits(value.number(), bytes);
        }
    }

    // The compiler knows the slot and makes of this what one writes by hand; a plugin has it once.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn load_bits(&self, bytes: &[u8]) -> u64 {
        self.word(bytes) >> self.shift & self.largest()
    }

    #[allow(
        clippy::inline_always,
        reason = "several of them in a row become one number"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn store_bits(&self, number: u64, bytes: &mut [u8]) {
        let others = self.word(bytes) & !(self.largest() << self.shift);
        let word = others | (number & self.largest()) << self.shift;
        self.store_word(word, bytes);
    }

    /// The largest bit pattern that fits.
    #[inline]
    pub const fn largest(&self) -> u64 {
        let bits = if self.bits > 0 {
            self.bits as u32
        } else if self.size < 8 {
            8 * self.size as u32
        } else {
            64
        };
        match 64_u32.checked_sub(bits) {
            Some(unused) if unused < 64 => u64::MAX >> unused,
            _ => 0,
        }
    }

    /// The bytes around a field of bits, at most eight of them, as one number.
    #[inline]
    fn word(&self, bytes: &[u8]) -> u64 {
        let mut word = [0; 8];
        let place = self.place(&mut word);
        if let (Some(place), Some(bytes)) = (place, bytes.get(self.at..self.end())) {
            place.copy_from_slice(bytes);
        }
        match self.endian {
            Endian::Big => u64::from_be_bytes(word),
            Endian::Little => u64::from_le_bytes(word),
        }
    }

    #[inline]
    fn store_word(&self, word: u64, bytes: &mut [u8]) {
        let mut word = match self.endian {
            Endian::Big => word.to_be_bytes(),
            Endian::Little => word.to_le_bytes(),
        };
        let place = self.place(&mut word);
        if let (Some(place), Some(bytes)) = (place, bytes.get_mut(self.at..self.end())) {
            bytes.copy_from_slice(place);
        }
    }

    /// Where the bytes around a field of bits are in a word of eight.
    #[inline]
    fn place<'w>(&self, word: &'w mut [u8; 8]) -> Option<&'w mut [u8]> {
        match self.endian {
            Endian::Big => word.get_mut(8_usize.checked_sub(self.size)?..),
            Endian::Little => word.get_mut(..self.size),
        }
    }

    /// The first byte after the slot.
    #[inline]
    pub const fn end(&self) -> usize {
        self.at + self.size
    }

    /// An error at the field.
    #[cold]
    #[inline(never)]
    pub const fn error(&'static self, reason: Reason) -> Error {
        Error::new(self, self.at, reason)
    }
}

/// Where `region`, a part of `raw`, begins in it.
pub fn offset_in(raw: &[u8], region: &[u8]) -> usize {
    region.as_ptr().addr().wrapping_sub(raw.as_ptr().addr())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH: Slot = Slot::first("Frame", "high", 2, Endian::Big).of_bits(3, 13);
    const LOW: Slot = HIGH.beside("low", 10).beside("lowest", 3);

    #[test]
    fn bits_are_counted_from_the_highest_one() {
        let mut bytes = [0b1010_0000, 0b0000_0110];
        assert_eq!((HIGH.load::<u8>(&bytes), LOW.load::<u8>(&bytes)), (5, 6));
        HIGH.store(0b110_u8, &mut bytes);
        LOW.store(0b0001_u8, &mut bytes);
        assert_eq!(bytes, [0b1100_0000, 0b0000_0001]);
        assert_eq!((HIGH.largest(), LOW.shift), (7, 0));
    }

    #[test]
    fn a_little_endian_word_has_its_low_bits_in_front() {
        let slot = Slot {
            endian: Endian::Little,
            ..HIGH
        };
        let mut bytes = [0x06, 0xa0];
        assert_eq!(slot.load::<u16>(&bytes), 5);
        slot.store(1_u16, &mut bytes);
        assert_eq!(bytes, [0x06, 0x20]);
    }

    #[test]
    fn bits_beyond_the_end_read_as_zero_and_are_not_written() {
        let mut bytes = [0xff];
        assert_eq!(HIGH.load::<u8>(&bytes), 0);
        HIGH.store(7_u8, &mut bytes);
        assert_eq!(bytes, [0xff]);
    }

    #[test]
    fn the_largest_value_fills_the_field() {
        let of = |size| Slot::first("Frame", "field", size, Endian::Big).largest();
        assert_eq!(
            [0, 1, 3, 8, 16].map(of),
            [0, 0xff, 0xff_ffff, u64::MAX, u64::MAX]
        );
    }
}
