//! Passing over values of every type.

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::unknown;
use super::read::Reader;
use super::{END, MAP, NULL, TYPED_MAP};

/// How deep maps and lists of unknown length may be nested. What has a length beforehand
/// takes no room to pass over, so it is not limited.
pub const MAX_DEPTH: usize = 1024;

/// The classes that have been defined so far in a run of values: of each, how many fields it has.
/// Values further back refer to them by number.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    fields: Vec<u32>,
}

/// What is after the first bytes of a value.
enum Following {
    /// So many values more.
    Values(u32),
    /// Runs of so many values each, until an end.
    Runs(u64),
}

/// A map or list of unknown length that is not at its end.
struct Open {
    /// Values that one run of it has: 2 for a map, 1 for a list.
    run: u64,
    /// Values that follow it.
    outer: u64,
}

impl Reader<'_> {
    /// Passes over the next value, whatever it is. `classes` are those of the values before it.
    ///
    /// It takes time by the bytes that are there, never by a number in them.
    pub fn skip(&mut self, classes: &mut Classes) -> Result<(), FormatError> {
        let mut open: Vec<Open> = Vec::new();
        let mut wanted: u64 = 1;
        loop {
            if wanted > 0 {
                let offset = self.position();
                wanted -= 1;
                match self.head(classes)? {
                    Following::Values(more) => wanted = wanted.saturating_add(u64::from(more)),
                    Following::Runs(run) if open.len() < MAX_DEPTH => {
                        open.push(Open { run, outer: wanted });
                        wanted = 0;
                    }
                    Following::Runs(_) => {
                        let max = MAX_DEPTH as u64;
                        let reason = Reason::TooDeep { max };
                        return Err(FormatError { offset, reason });
                    }
                }
            } else if self.peek() != Some(END) {
                match open.last() {
                    Some(inner) => wanted = inner.run,
                    None => return Ok(()),
                }
            } else if let Some(ended) = open.pop() {
                self.byte()?;
                wanted = ended.outer;
            } else {
                return Ok(());
            }
        }
    }

    /// Passes over the first bytes of a value: all of it, unless there are values in it.
    fn head(&mut self, classes: &mut Classes) -> Result<Following, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let len = match code {
            // Null, the booleans, ints and longs of one byte, the doubles 0 and 1.
            NULL | b'T' | b'F' | 0x80..=0xbf | 0xd8..=0xef | 0x5b | 0x5c => 0,
            0xc0..=0xcf | 0xf0..=0xff | 0x5d => 1,
            0xd0..=0xd7 | 0x38..=0x3f | 0x5e => 2,
            // An int, a long of 32 bits, a date in minutes, a double in thousandths.
            b'I' | 0x59 | 0x4b | 0x5f => 4,
            // A long, a double, a date in milliseconds.
            b'L' | b'D' | 0x4a => 8,
            0x20..=0x2f | 0x34..=0x37 | b'A' | b'B' => return self.binary(code),
            _ => return self.compound(code, offset, classes),
        };
        self.take(len)?;
        Ok(Following::Values(0))
    }

    /// Passes over binary data after the code of its first chunk.
    fn binary(&mut self, mut code: u8) -> Result<Following, FormatError> {
        loop {
            let len = match code {
                b'A' | b'B' => usize::from(u16::from_be_bytes(self.array()?)),
                0x20..=0x2f => usize::from(code - 0x20),
                0x34..=0x37 => (usize::from(code - 0x34) << 8) | usize::from(self.byte()?),
                _ => return Err(unknown(code, self.position() - 1)),
            };
            self.take(len)?;
            if code != b'A' {
                return Ok(Following::Values(0));
            }
            code = self.byte()?;
        }
    }

    /// Passes over the rest of the first bytes of a string, or of what has values in it.
    fn compound(
        &mut self,
        code: u8,
        offset: usize,
        classes: &mut Classes,
    ) -> Result<Following, FormatError> {
        Ok(match code {
            // A reference to a map, a list or an object that came before.
            0x51 => {
                self.int()?;
                Following::Values(0)
            }
            b'C' => {
                self.define(classes)?;
                // The value itself is after the definition.
                Following::Values(1)
            }
            0x60..=0x6f => classes.after(u32::from(code - 0x60), offset)?,
            b'O' => classes.after(self.count()?, offset)?,
            // Lists: of unknown length, of known length, of up to seven values; with and without a type.
            0x55 => {
                self.type_name()?;
                Following::Runs(1)
            }
            0x56 => {
                self.type_name()?;
                Following::Values(self.count()?)
            }
            0x57 => Following::Runs(1),
            0x58 => Following::Values(self.count()?),
            0x70..=0x77 => {
                self.type_name()?;
                Following::Values(u32::from(code - 0x70))
            }
            0x78..=0x7f => Following::Values(u32::from(code - 0x78)),
            TYPED_MAP => {
                self.type_name()?;
                Following::Runs(2)
            }
            MAP => Following::Runs(2),
            _ => {
                *self = Reader::at(self.region(), offset);
                self.skip_string()?;
                Following::Values(0)
            }
        })
    }

    /// Passes over the name of a type, or over the number of one that came before.
    pub(crate) fn type_name(&mut self) -> Result<(), FormatError> {
        if self.is_string() {
            self.skip_string()
        } else {
            self.int().map(|_| ())
        }
    }

    /// Passes over the definition of a class: its name, and the names of its fields.
    fn define(&mut self, classes: &mut Classes) -> Result<(), FormatError> {
        self.skip_string()?;
        let fields = self.count()?;
        for _ in 0..fields {
            self.skip_string()?;
        }
        classes.fields.push(fields);
        Ok(())
    }
}

impl Classes {
    /// What is after the number of a class: the values of its fields.
    fn after(&self, number: u32, offset: usize) -> Result<Following, FormatError> {
        let fields = usize::try_from(number).ok();
        let fields = fields.and_then(|number| self.fields.get(number));
        fields
            .map(|fields| Following::Values(*fields))
            .ok_or(FormatError {
                offset,
                reason: Reason::UnknownValue {
                    got: u64::from(number),
                },
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::put_string;
    use super::*;

    fn skip(bytes: &[u8], values: usize) -> Result<usize, FormatError> {
        let mut reader = Reader::new(bytes);
        let mut classes = Classes::default();
        for _ in 0..values {
            reader.skip(&mut classes)?;
        }
        Ok(reader.position())
    }

    /// Derived by hand from the grammar of the Hessian 2.0 draft: what Java does not write.
    #[test]
    fn what_the_grammar_allows_besides_is_passed_over() {
        let values: [&[u8]; 9] = [
            b"\x57\x90\x91Z",
            b"\x55\x04[int\x90Z",
            b"\x56\x90\x92\x90\x91",
            b"A\x00\x02abB\x00\x01c",
            b"A\x00\x02ab\x21c",
            b"A\x00\x02ab\x34\x01c",
            b"R\x00\x01aS\x00\x01b",
            b"C\x01c\x90O\x90",
            b"M\x00HZ\x57ZZ",
        ];
        for value in values {
            assert_eq!(skip(value, 1), Ok(value.len()), "{value:02x?}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_where_it_stands() {
        for (bytes, offset, got) in [
            (&b"@"[..], 0, 0x40),
            (b"E", 0, 0x45),
            (b"G", 0, 0x47),
            (b"P", 0, 0x50),
            (b"Z", 0, 0x5a),
            // A map that ends after a key.
            (b"H\x01kZ", 3, 0x5a),
            (b"A\x00\x00S", 3, 0x53),
            // The class has not been defined.
            (b"\x60", 0, 0),
            (b"C\x01c\x90O\x91", 4, 1),
        ] {
            let reason = Reason::UnknownValue { got };
            assert_eq!(skip(bytes, 1), Err(FormatError { offset, reason }));
        }
        let negative = skip(b"\x58\x8f", 1).unwrap_err();
        assert_eq!(negative.reason, Reason::NegativeLength);
    }

    #[test]
    fn numbers_cost_nothing() {
        // Two thousand million values, fields, bytes announced.
        for bytes in [
            &b"\x58I\x7f\xff\xff\xff\x58I\x7f\xff\xff\xff"[..],
            b"C\x01cI\x7f\xff\xff\xff\x01f",
            b"B\xff\xff",
        ] {
            let error = skip(bytes, 1).unwrap_err();
            assert!(matches!(error.reason, Reason::Overrun { .. }), "{error:?}");
        }
    }

    #[test]
    fn depth_is_limited_where_it_takes_room() {
        let deep = |depth: usize| [vec![0x57; depth], vec![END; depth]].concat();
        assert_eq!(skip(&deep(MAX_DEPTH), 1), Ok(2 * MAX_DEPTH));
        let max = MAX_DEPTH as u64;
        let error = FormatError {
            offset: MAX_DEPTH,
            reason: Reason::TooDeep { max },
        };
        assert_eq!(skip(&deep(MAX_DEPTH + 1), 1), Err(error));
        // A chain of lists of one value each, a million links long.
        let mut chain = vec![0x79; 1_000_000];
        chain.push(NULL);
        assert_eq!(skip(&chain, 1), Ok(chain.len()));
    }

    #[test]
    fn long_binary_data_is_passed_over_chunk_by_chunk() {
        let mut bytes = Vec::new();
        for _ in 0..17 {
            bytes.extend_from_slice(&[b'A', 0x0f, 0xfd]);
            bytes.resize(bytes.len() + 4093, END);
        }
        bytes.extend_from_slice(b"\x35\xa5");
        bytes.resize(bytes.len() + 0x1a5, END);
        put_string(b"beyond", &mut bytes).unwrap();
        assert_eq!(skip(&bytes, 1), Ok(bytes.len() - 7));
    }
}
