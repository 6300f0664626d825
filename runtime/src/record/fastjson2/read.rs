//! Lengths and numbers.

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::{self, unknown};
use super::Fastjson2;

/// A place in a run of values, or in one of them.
pub type Reader<'r> = values::Reader<'r, Fastjson2>;

impl Reader<'_> {
    /// Passes over the next value of a run, the length before it included. Returns a place at its start,
    /// from which nothing after it is read.
    pub fn value(&mut self) -> Result<Self, FormatError> {
        let offset = self.position();
        let len = i32::from_be_bytes(self.array()?);
        let len = usize::try_from(len).map_err(|_| FormatError {
            offset,
            reason: Reason::NegativeLength,
        })?;
        let at = self.position();
        self.take(len)?;
        let region = self.region().get(..self.position()).unwrap_or_default();
        Ok(Self::at(region, at))
    }

    /// The next number without a fraction, in any of its widths.
    pub fn integer(&mut self) -> Result<i64, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let high = |zero| i64::from(code) - zero;
        Ok(match code {
            // An int, as the writer of lengths has it; then a long, a byte, a short.
            0x00..=0x2f => high(0),
            0xf0..=0xff => high(0x100),
            0x30..=0x3f => (high(0x38) << 8) + i64::from(self.byte()?),
            0x40..=0x47 => (high(0x44) << 16) + i64::from(u16::from_be_bytes(self.array()?)),
            0x48 | 0xbf => i64::from(i32::from_be_bytes(self.array()?)),
            0xd8..=0xef => high(0xe0),
            0xc8..=0xd7 => (high(0xd0) << 8) + i64::from(self.byte()?),
            0xc0..=0xc7 => (high(0xc4) << 16) + i64::from(u16::from_be_bytes(self.array()?)),
            0xbe => i64::from_be_bytes(self.array()?),
            0xbd => i64::from(i8::from_be_bytes(self.array()?)),
            0xbc => i64::from(i16::from_be_bytes(self.array()?)),
            _ => return Err(unknown(code, offset)),
        })
    }

    /// Whether the next value is an int, the type of counts and lengths.
    pub(super) fn is_int(&self) -> bool {
        matches!(self.peek(), Some(0x00..=0x48 | 0xf0..=0xff))
    }

    /// The next int as a count or a length.
    pub(super) fn count(&mut self) -> Result<u32, FormatError> {
        let offset = self.position();
        if !self.is_int() {
            let code = self.byte()?;
            return Err(unknown(code, offset));
        }
        u32::try_from(self.integer()?).map_err(|_| FormatError {
            offset,
            reason: Reason::NegativeLength,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What fastjson2 2.0.52 wrote of these numbers.
    #[test]
    fn numbers_have_many_widths() {
        let numbers: [(&[u8], i64); 22] = [
            (b"\x00", 0),
            (b"\xf0", -16),
            (b"\x2f", 47),
            (b"\x38\x30", 48),
            (b"\x37\xef", -17),
            (b"\x3f\xff", 2047),
            (b"\x30\x00", -2048),
            (b"\x44\x08\x00", 2048),
            (b"\x43\xf7\xff", -2049),
            (b"\x40\x00\x00", -262_144),
            (b"\x48\x00\x04\x00\x00", 262_144),
            (b"\x48\x80\x00\x00\x00", i64::from(i32::MIN)),
            (b"\xe0", 0),
            (b"\xd8", -8),
            (b"\xef", 15),
            (b"\xcf\xf7", -9),
            (b"\xd7\xff", 2047),
            (b"\xc4\x08\x00", 2048),
            (b"\xbf\x00\x04\x00\x00", 262_144),
            (b"\xbe\x80\x00\x00\x00\x00\x00\x00\x00", i64::MIN),
            (b"\xbd\x80", -128),
            (b"\xbc\x80\x00", -32_768),
        ];
        for (bytes, value) in numbers {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.integer(), Ok(value), "{bytes:02x?}");
            assert_eq!(reader.position(), bytes.len());
            let count = u32::try_from(value).ok().filter(|_| bytes[0] <= 0x48);
            assert_eq!(Reader::new(bytes).count().ok(), count, "{bytes:02x?}");
        }
        let error = Reader::new(b"\x49").integer();
        assert_eq!(error, Err(unknown(0x49, 0)));
    }

    #[test]
    fn a_value_ends_where_its_length_says() {
        let mut run = Reader::new(b"\0\0\0\x02\x30\x00\0\0\0\x00\x01");
        let mut first = run.value().unwrap();
        assert_eq!((first.position(), run.position()), (4, 6));
        assert_eq!(first.integer(), Ok(-2048));
        assert_eq!(first.peek(), None);
        assert_eq!(run.value().unwrap().peek(), None);
        assert_eq!(run.position(), 10);
        let reason = Reason::Overrun { wanted: 4, got: 1 };
        let error = FormatError { offset: 10, reason };
        assert_eq!(run.value().unwrap_err(), error);
    }

    #[test]
    fn lengths_cost_nothing() {
        for (bytes, offset, reason) in [
            (
                &b"\x7f\xff\xff\xff\x00"[..],
                4,
                Reason::Overrun {
                    wanted: 0x7fff_ffff,
                    got: 1,
                },
            ),
            (b"\xff\xff\xff\xff\x00", 0, Reason::NegativeLength),
        ] {
            let error = Reader::new(bytes).value().unwrap_err();
            assert_eq!(error, FormatError { offset, reason });
        }
    }
}
