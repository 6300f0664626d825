//! Passing over values of every type.

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::unknown;
use super::read::Reader;
use super::{END, OBJECT, SYMBOL, TYPED};

/// How deep objects may be nested. Arrays have a count beforehand and take no room to pass over,
/// so they are not limited.
pub const MAX_DEPTH: usize = 1024;

impl Reader<'_> {
    /// Passes over the next value of JSONB, whatever it is.
    ///
    /// It takes time by the bytes that are there, never by a number in them.
    pub fn skip(&mut self) -> Result<(), FormatError> {
        // Of each object that is open, how many values follow it.
        let mut open: Vec<u64> = Vec::new();
        let mut wanted: u64 = 1;
        loop {
            if wanted > 0 {
                let offset = self.position();
                wanted -= 1;
                match self.head()? {
                    Some(more) => wanted = wanted.saturating_add(u64::from(more)),
                    None if open.len() < MAX_DEPTH => {
                        open.push(wanted);
                        wanted = 0;
                    }
                    None => {
                        let max = MAX_DEPTH as u64;
                        let reason = Reason::TooDeep { max };
                        return Err(FormatError { offset, reason });
                    }
                }
            } else if open.is_empty() {
                return Ok(());
            } else if self.peek() == Some(END) {
                self.byte()?;
                wanted = open.pop().unwrap_or_default();
            } else {
                // A name and its value.
                wanted = 2;
            }
        }
    }

    /// Passes over the first bytes of a value. Returns how many values belong to it, or `None` at the
    /// start of an object.
    fn head(&mut self) -> Result<Option<u32>, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let (len, values) = match code {
            OBJECT => return Ok(None),
            END | 0x80..=0x8f => return Err(unknown(code, offset)),
            // Numbers in their code, null, the booleans, the doubles 0 and 1.
            0x00..=0x2f | 0xd8..=0xff | 0xaf..=0xb3 => (0, 0),
            0x30..=0x3f | 0xc8..=0xd7 | 0xbd => (1, 0),
            0x40..=0x47 | 0xc0..=0xc7 | 0xbc => (2, 0),
            // Ints, times in minutes and seconds, floats, dates.
            0x48 | 0xbf | 0xa9 | 0xac | 0xad | 0xb7 => (4, 0),
            // Longs, times in milliseconds, doubles.
            0xbe | 0xab | 0xb5 => (8, 0),
            // Strings, bytes, large numbers.
            0x49..=0x78 => (usize::from(code - 0x49), 0),
            0x79..=0x7e | 0x91 | 0xbb => (self.count()? as usize, 0),
            // Times of day, of a day, of a day in a zone.
            0xa7 => (3, 1),
            0xa8 => (7, 1),
            0xaa => (7, 2),
            // Chars, doubles, floats and large numbers that are numbers; references.
            0x90 | 0x93 | 0xb4 | 0xb6 | 0xb8 | 0xba => (0, 1),
            // A point in time, a decimal number.
            0xae | 0xb9 => (0, 2),
            0x94..=0xa3 => (0, u32::from(code - 0x94)),
            0xa4 => (0, self.count()?),
            TYPED => (0, if self.is_known_name() { 2 } else { 3 }),
            SYMBOL => (0, if self.is_known_name() { 1 } else { 2 }),
        };
        self.take(len)?;
        Ok(Some(values))
    }

    /// Passes over the name of a type, up to the value that has it.
    pub(crate) fn type_name(&mut self) -> Result<(), FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        if code != TYPED {
            return Err(unknown(code, offset));
        }
        if !self.is_known_name() {
            self.skip()?;
        }
        self.skip()
    }

    /// Whether the name that is next came before: then it is a number. A new one has a number after it.
    fn is_known_name(&self) -> bool {
        self.is_int() || self.peek() == Some(SYMBOL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skip(bytes: &[u8]) -> Result<usize, FormatError> {
        let mut reader = Reader::new(bytes);
        reader.skip()?;
        Ok(reader.position())
    }

    /// Derived by hand from `JSONReaderJSONB`: what dubbo does not write, but may be read.
    #[test]
    fn what_the_format_allows_besides_is_passed_over() {
        let values: [&[u8]; 6] = [
            b"\x7b\x02\xfe\xff",
            b"\x7e\x02ab",
            b"\xbb\x01\x05",
            b"\x92\x7f\xff\xa6\xa5",
            b"\xa6\xaf\x00\x05\xa6\xa5\xa5",
            b"\x95\x95\x96\x00\xa6\x4ak\x94\xa5",
        ];
        for value in values {
            assert_eq!(skip(value), Ok(value.len()), "{value:02x?}");
            for cut in 0..value.len() {
                assert!(skip(&value[..cut]).is_err(), "{value:02x?}, {cut}");
            }
        }
    }

    #[test]
    fn an_end_without_a_start_is_refused_where_it_stands() {
        for (bytes, offset) in [(&b"\xa5"[..], 0), (b"\xa6\x4ak\xa5", 3), (b"\x95\xa5", 1)] {
            assert_eq!(skip(bytes), Err(unknown(END, offset)), "{bytes:02x?}");
        }
    }

    #[test]
    fn numbers_cost_nothing() {
        for bytes in [
            &b"\xa4\x48\x7f\xff\xff\xff\xa4\x48\x7f\xff\xff\xff"[..],
            b"\x91\x48\x7f\xff\xff\xff",
        ] {
            let error = skip(bytes).unwrap_err();
            assert!(matches!(error.reason, Reason::Overrun { .. }), "{error:?}");
        }
        let error = skip(b"\xa4\xff").unwrap_err();
        assert_eq!(error.reason, Reason::NegativeLength);
    }

    #[test]
    fn depth_is_limited_where_it_takes_room() {
        let deep = |depth: usize| {
            let fronts = b"\xa6\x00".repeat(depth);
            [&fronts[..], b"\x00", &vec![END; depth]].concat()
        };
        assert_eq!(skip(&deep(MAX_DEPTH)), Ok(3 * MAX_DEPTH + 1));
        let max = MAX_DEPTH as u64;
        let error = skip(&deep(MAX_DEPTH + 1)).unwrap_err();
        assert_eq!(error.reason, Reason::TooDeep { max });
        // A chain of arrays of one value each, and of references to references.
        for link in [0x95, 0x93] {
            let mut chain = vec![link; 1_000_000];
            chain.push(0);
            assert_eq!(skip(&chain), Ok(chain.len()));
        }
    }
}
