//! Bytes and numbers.

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::{self, unknown};
use super::Hessian2;

/// A place in a run of hessian2 values.
pub type Reader<'r> = values::Reader<'r, Hessian2>;

impl Reader<'_> {
    /// The next int, in any of its widths.
    pub fn int(&mut self) -> Result<i32, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let high = |zero| i32::from(code) - zero;
        Ok(match code {
            0x80..=0xbf => high(0x90),
            0xc0..=0xcf => (high(0xc8) << 8) + i32::from(self.byte()?),
            0xd0..=0xd7 => (high(0xd4) << 16) + i32::from(u16::from_be_bytes(self.array()?)),
            b'I' => i32::from_be_bytes(self.array()?),
            _ => return Err(unknown(code, offset)),
        })
    }

    /// The next int or long, in any of its widths.
    pub fn integer(&mut self) -> Result<i64, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let high = |zero| i64::from(code) - zero;
        Ok(match code {
            0xd8..=0xef => high(0xe0),
            0xf0..=0xff => (high(0xf8) << 8) + i64::from(self.byte()?),
            0x38..=0x3f => (high(0x3c) << 16) + i64::from(u16::from_be_bytes(self.array()?)),
            0x59 => i64::from(i32::from_be_bytes(self.array()?)),
            b'L' => i64::from_be_bytes(self.array()?),
            _ => {
                *self = Self::at(self.region(), offset);
                i64::from(self.int()?)
            }
        })
    }

    /// The next int as a count or a length.
    pub(super) fn count(&mut self) -> Result<u32, FormatError> {
        let offset = self.position();
        u32::try_from(self.int()?).map_err(|_| FormatError {
            offset,
            reason: Reason::NegativeLength,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the Hessian 2.0 draft, section "int".
    #[test]
    fn ints_have_four_widths() {
        let ints: [(&[u8], i32); 14] = [
            (b"\x90", 0),
            (b"\x80", -16),
            (b"\xbf", 47),
            (b"\xc8\x00", 0),
            (b"\xc0\x00", -2048),
            (b"\xc7\x00", -256),
            (b"\xcf\xff", 2047),
            (b"\xd4\x00\x00", 0),
            (b"\xd0\x00\x00", -262_144),
            (b"\xd7\xff\xff", 262_143),
            (b"I\x00\x00\x00\x00", 0),
            (b"I\x00\x00\x01\x2c", 300),
            (b"I\x7f\xff\xff\xff", i32::MAX),
            (b"I\x80\x00\x00\x00", i32::MIN),
        ];
        for (bytes, value) in ints {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.int(), Ok(value), "{bytes:02x?}");
            assert_eq!(reader.position(), bytes.len());
            assert_eq!(Reader::new(bytes).integer(), Ok(i64::from(value)));
        }
    }

    /// The examples of the Hessian 2.0 draft, section "long".
    #[test]
    fn longs_have_five_widths() {
        let longs: [(&[u8], i64); 13] = [
            (b"\xe0", 0),
            (b"\xd8", -8),
            (b"\xef", 15),
            (b"\xf8\x00", 0),
            (b"\xf0\x00", -2048),
            (b"\xff\xff", 2047),
            (b"\x3c\x00\x00", 0),
            (b"\x38\x00\x00", -262_144),
            (b"\x3f\xff\xff", 262_143),
            (b"\x59\x00\x00\x00\x00", 0),
            (b"\x59\x80\x00\x00\x00", -2_147_483_648),
            (b"L\x00\x00\x00\x00\x00\x00\x01\x2c", 300),
            (b"L\x80\x00\x00\x00\x00\x00\x00\x00", i64::MIN),
        ];
        for (bytes, value) in longs {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.integer(), Ok(value), "{bytes:02x?}");
            assert_eq!(reader.position(), bytes.len());
            let error = Reader::new(bytes).int().unwrap_err();
            assert_eq!(error, unknown(bytes[0], 0));
        }
    }

    #[test]
    fn a_number_that_is_cut_says_what_it_lacks() {
        let error = Reader::new(b"\x90I\0\0").integer();
        assert_eq!(error, Ok(0));
        let mut reader = Reader::at(b"\x90I\0\0", 1);
        let reason = Reason::Overrun { wanted: 4, got: 2 };
        assert_eq!(reader.integer(), Err(FormatError { offset: 2, reason }));
    }
}
