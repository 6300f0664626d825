//! Passing over values of every type.

use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use super::field::{Reader, Type, unknown};

/// How deep structs may be nested. Maps and lists have a count beforehand and take no room to
/// pass over, so they are not limited.
pub const MAX_DEPTH: usize = 1024;

impl Reader<'_> {
    /// Passes over the value of a field of this type, whatever is in it.
    ///
    /// It takes time by the bytes that are there, never by a number in them.
    #[inline]
    pub(super) fn skip_value(&mut self, ty: Type) -> Result<(), FormatError> {
        match ty {
            Type::StructBegin | Type::Map | Type::List => self.skip_fields(ty),
            // Most values hold no others.
            _ => self.plain(ty).map(|_| ()),
        }
    }

    /// The same of a value that may hold fields.
    #[inline(never)]
    fn skip_fields(&mut self, mut ty: Type) -> Result<(), FormatError> {
        // Of each struct that is open, how many counted fields follow it.
        let mut open: Vec<u64> = Vec::new();
        let mut wanted: u64 = 0;
        loop {
            match ty {
                Type::StructBegin if open.len() < MAX_DEPTH => {
                    open.push(wanted);
                    wanted = 0;
                }
                Type::StructBegin => {
                    return Err(FormatError {
                        offset: self.at,
                        reason: Reason::TooDeep {
                            max: MAX_DEPTH as u64,
                        },
                    });
                }
                Type::StructEnd => wanted = open.pop().unwrap_or_default(),
                _ => wanted = wanted.saturating_add(self.plain(ty)?),
            }
            if wanted == 0 && open.is_empty() {
                return Ok(());
            }
            let offset = self.at;
            (_, ty) = self.head()?;
            if wanted > 0 {
                wanted -= 1;
                if ty == Type::StructEnd {
                    return Err(unknown(ty as u8, offset));
                }
            }
        }
    }

    /// Passes over a value that is not a struct. Returns how many fields there are in it, after its front.
    #[inline]
    fn plain(&mut self, ty: Type) -> Result<u64, FormatError> {
        let len = match ty {
            Type::Zero | Type::StructBegin | Type::StructEnd => 0,
            Type::I8 => 1,
            Type::I16 => 2,
            Type::I32 | Type::F32 => 4,
            Type::I64 | Type::F64 => 8,
            Type::String1 => usize::from(u8::from_be_bytes(self.array()?)),
            Type::String4 => u32::from_be_bytes(self.array()?) as usize,
            Type::SimpleList => self.simple_list_len()?,
            Type::Map => return Ok(2 * u64::from(self.count()?)),
            Type::List => return Ok(u64::from(self.count()?)),
        };
        self.pass(len)?;
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Fields, Type};
    use super::*;

    /// The fields of a struct: their tags and types.
    fn fields(region: &[u8]) -> Result<Vec<(u8, Type)>, FormatError> {
        let fields: Result<Vec<_>, _> = Fields::new(region).collect();
        let fields = fields?;
        let bytes: Vec<_> = fields.iter().map(Field::bytes).collect();
        assert_eq!(bytes.concat(), region);
        Ok(fields.iter().map(|field| (field.tag, field.ty)).collect())
    }

    fn unknown_at(offset: usize, got: u64) -> FormatError {
        let reason = Reason::UnknownValue { got };
        FormatError { offset, reason }
    }

    #[test]
    fn values_of_every_type_are_passed_over() {
        for (value, ty) in [
            (&b"\x00\x05"[..], Type::I8),
            (b"\x01\x00\x05", Type::I16),
            (b"\x02\x00\x00\x00\x05", Type::I32),
            (b"\x03\x00\x00\x00\x00\x00\x00\x00\x05", Type::I64),
            (b"\x04\x00\x00\x00\x00", Type::F32),
            (b"\x05\x00\x00\x00\x00\x00\x00\x00\x00", Type::F64),
            (b"\x06\x02ab", Type::String1),
            (b"\x07\x00\x00\x00\x02ab", Type::String4),
            (b"\x08\x0c", Type::Map),
            (b"\x08\x00\x01\x06\x01k\x16\x01v", Type::Map),
            (b"\x09\x01\x00\x02\x00\x01\x0c", Type::List),
            (b"\x0a\x0b", Type::StructBegin),
            (b"\x0a\x0c\x10\x01\x0b", Type::StructBegin),
            (b"\x0c", Type::Zero),
            (b"\x0d\x00\x00\x02ab", Type::SimpleList),
            (b"\x0d\x00\x02\x00\x00\x00\x02ab", Type::SimpleList),
            // Structs in a map in a list in a struct.
            (
                b"\x0a\x09\x00\x02\x08\x00\x01\x0a\x0b\x1a\x1c\x0b\x0c\x1c\x0b",
                Type::StructBegin,
            ),
        ] {
            // As the field 3, and as the field 200.
            let mut region = value.to_vec();
            region[0] |= 0x30;
            assert_eq!(fields(&region), Ok(vec![(3, ty)]), "{region:02x?}");
            let region = [&[value[0] | 0xf0, 200], &value[1..], b"\xfc\xff"].concat();
            assert_eq!(fields(&region), Ok(vec![(200, ty), (255, Type::Zero)]));
            for cut in 1..region.len() - 2 {
                assert!(fields(&region[..cut]).is_err(), "{region:02x?}, {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_field_is_refused_where_it_stands() {
        for (region, offset, got) in [
            (&b"\x0e"[..], 0, 14),
            (b"\x0c\x1f", 1, 15),
            // The end of a struct that has not begun, and one within a map.
            (b"\x0b", 0, 11),
            (b"\x0a\x08\x00\x01\x0c\x0b", 5, 11),
            // Counts with a tag, of another type, and bytes that are integers of two bytes.
            (b"\x09\x1c", 1, 1),
            (b"\x09\x06\x00", 1, 6),
            (b"\x09\x03\0\0\0\0\0\0\0\0", 1, 3),
            (b"\x0d\x01\x0c", 1, 1),
        ] {
            let error = unknown_at(offset, got);
            assert_eq!(fields(region), Err(error), "{region:02x?}");
        }
        for region in [&b"\x09\x00\xff"[..], b"\x08\x00\x80", b"\x0d\x00\x00\xff"] {
            let error = fields(region).unwrap_err();
            assert_eq!(error.reason, Reason::NegativeLength, "{region:02x?}");
        }
    }

    #[test]
    fn numbers_cost_nothing() {
        for region in [
            &b"\x09\x02\x7f\xff\xff\xff\x08\x02\x7f\xff\xff\xff"[..],
            b"\x0d\x00\x02\x7f\xff\xff\xff",
            b"\x07\xff\xff\xff\xff",
        ] {
            let error = fields(region).unwrap_err();
            assert!(matches!(error.reason, Reason::Overrun { .. }), "{error:?}");
        }
    }

    #[test]
    fn depth_is_limited_where_it_takes_room() {
        let deep = |depth: usize| [vec![0x0a; depth], vec![0x0b; depth]].concat();
        assert!(fields(&deep(MAX_DEPTH)).is_ok());
        let error = fields(&deep(MAX_DEPTH + 1)).unwrap_err();
        let max = MAX_DEPTH as u64;
        assert_eq!(error.reason, Reason::TooDeep { max });
        // A chain of lists of one value each, and of counts that are lists again.
        let mut chain = b"\x09\x00\x01".repeat(300_000);
        chain.push(0x0c);
        assert!(fields(&chain).is_ok());
        assert_eq!(fields(&vec![0x09; 300_000]), Err(unknown_at(1, 9)));
    }
}
