//! Where the fields of a frame lie, by the description of its layout alone.
//!
//! No codec is asked, so this is a second opinion on one: dumps name bytes with it, and the
//! conformance tests hold codecs against it.

mod pairs;

use core::ops::Range;

use crate::frame::{Field, FieldRole, Layout, Place, Role};
use crate::wire::Endian;

pub use pairs::{Pair, pairs};

/// A frame with its fields, each at its bytes.
#[derive(Clone, Debug)]
pub struct Dissection {
    /// The layout of the frame.
    pub layout: &'static Layout,
    /// The fields in the order of the wire. Parts are missing where the fixed part is not complete.
    pub spans: Vec<Span>,
    /// Bytes of the whole frame, as it announces itself; `None` before the fixed part is complete.
    pub len: Option<usize>,
}

/// A field and its place in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The field.
    pub field: &'static Field,
    /// What it means in this frame.
    pub role: FieldRole,
    /// Its first byte, counted from the start of the frame.
    pub at: usize,
    /// Its size in bytes, as announced. Not all of them need be there.
    pub size: usize,
}

impl Dissection {
    /// The fields of the frame at the front of `bytes`, if it is of this layout.
    pub fn new(layout: &'static Layout, bytes: &[u8]) -> Self {
        let complete = bytes.len() >= layout.fixed;
        let mut spans: Vec<Span> = Vec::new();
        let mut end = layout.fixed;
        for field in layout.fields {
            match field.place {
                Place::Fixed { at, size, .. } => spans.push(Span::new(field, at, size)),
                Place::Part { len } if complete => {
                    let length = spans.iter().find(|span| span.field.name == len);
                    let length = length.and_then(|span| span.number(bytes)).unwrap_or(0);
                    let size = usize::try_from(length).unwrap_or(usize::MAX);
                    spans.push(Span::new(field, end, size));
                    end = end.saturating_add(size);
                }
                Place::Part { .. } => {}
            }
        }
        Self {
            layout,
            spans,
            len: complete.then_some(end),
        }
    }

    /// The frame at the front of `bytes` by the first of `layouts` that can be it: whose known values
    /// are there, whose half of a call is `role` if that is known, and best of all whose length is
    /// that of `bytes`.
    pub fn of(layouts: &'static [Layout], bytes: &[u8], role: Option<Role>) -> Option<Self> {
        let possible = || {
            layouts
                .iter()
                .filter(|layout| {
                    layout.role == Role::Either || role.is_none_or(|role| role == layout.role)
                })
                .filter(|layout| agrees(layout, bytes))
                .map(|layout| Self::new(layout, bytes).of_half(role))
        };
        possible()
            .find(|frame| frame.len == Some(bytes.len()))
            .or_else(|| possible().next())
    }

    /// Of a layout for both halves of a call, what its fields mean in one of them.
    fn of_half(mut self, half: Option<Role>) -> Self {
        let meant = match half {
            Some(Role::Request) => FieldRole::Timeout,
            Some(Role::Response) => FieldRole::Status,
            Some(Role::Either) | None => return self,
        };
        for span in &mut self.spans {
            if span.role == FieldRole::TimeoutOrStatus {
                span.role = meant;
            }
        }
        self
    }

    /// The first field with this role.
    pub fn role(&self, role: FieldRole) -> Option<&Span> {
        self.spans.iter().find(|span| span.role == role)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Span> {
        self.spans.iter().find(|span| span.field.name == name)
    }

    /// The field that says how long the part `span` is.
    pub fn len_of(&self, span: &Span) -> Option<&Span> {
        match span.field.place {
            Place::Part { len } => self.field(len),
            Place::Fixed { .. } => None,
        }
    }

    /// Bytes that are missing until the frame is complete, or until its fixed part is; 0 if it is
    /// complete.
    pub fn missing(&self, bytes: &[u8]) -> usize {
        let end = self.len.unwrap_or(self.layout.fixed);
        end.saturating_sub(bytes.len())
    }
}

/// The fewest bytes that are missing until one of `layouts` is complete, or its fixed part; `None` if
/// the bytes are none of them.
pub fn missing(layouts: &'static [Layout], bytes: &[u8]) -> Option<usize> {
    let possible = layouts.iter().filter(|layout| agrees(layout, bytes));
    possible
        .map(|layout| Dissection::new(layout, bytes).missing(bytes))
        .min()
}

/// Whether every value that the layout lists, and that is in `bytes`, is one of the listed ones.
fn agrees(layout: &'static Layout, bytes: &[u8]) -> bool {
    layout.fields.iter().all(|field| match field.place {
        Place::Fixed { at, size, .. } if !field.values.is_empty() => {
            let number = Span::new(field, at, size).number(bytes);
            number.is_none_or(|number| field.values.contains(&number))
        }
        _ => true,
    })
}

impl Span {
    const fn new(field: &'static Field, at: usize, size: usize) -> Self {
        let role = field.role;
        Self {
            field,
            role,
            at,
            size,
        }
    }

    /// The bytes behind it may be missing, but not those before its end.
    pub const fn range(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.size)
    }

    /// Whether the field is a part: a region whose size another field says.
    pub const fn is_part(&self) -> bool {
        matches!(self.field.place, Place::Part { .. })
    }

    /// The bytes of the field, as many as there are.
    pub fn bytes<'b>(&self, frame: &'b [u8]) -> &'b [u8] {
        let rest = frame.get(self.at..).unwrap_or_default();
        rest.get(..self.size).unwrap_or(rest)
    }

    /// The value of a fixed field as a number, zero-extended; of more than eight bytes, the first
    /// eight. `None` if the field is a part or not all there.
    pub fn number(&self, frame: &[u8]) -> Option<u64> {
        let Place::Fixed { endian, .. } = self.field.place else {
            return None;
        };
        let bytes = frame.get(self.range())?;
        let fold = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(match endian {
            Endian::Little if self.size <= 8 => bytes.iter().rev().fold(0, fold),
            _ => bytes.iter().take(8).fold(0, fold),
        })
    }

    /// The value as a number with the sign of its highest bit.
    pub fn signed(&self, frame: &[u8]) -> Option<i64> {
        let unused = 64 - 8 * u32::try_from(self.size.clamp(1, 8)).ok()?;
        Some((self.number(frame)? << unused).cast_signed() >> unused)
    }

    /// Writes a number into a fixed field, cut to its width.
    pub fn put(&self, frame: &mut [u8], number: u64) {
        let Place::Fixed { endian, .. } = self.field.place else {
            return;
        };
        let bytes = number.to_be_bytes();
        let used = bytes.get(8_usize.saturating_sub(self.size)..);
        let (Some(place), Some(used)) = (frame.get_mut(self.range()), used) else {
            return;
        };
        for (at, byte) in used.iter().enumerate() {
            let at = match endian {
                Endian::Big => at,
                Endian::Little => used.len() - 1 - at,
            };
            if let Some(place) = place.get_mut(at) {
                *place = *byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn fixed(
        name: &'static str,
        at: usize,
        size: usize,
        endian: Endian,
        role: FieldRole,
        values: &'static [u64],
    ) -> Field {
        let place = Place::Fixed { at, size, endian };
        Field {
            name,
            place,
            role,
            values,
        }
    }

    const fn fields(kinds: &'static [u64]) -> [Field; 4] {
        [
            fixed("kind", 0, 1, Endian::Big, FieldRole::Tag, kinds),
            fixed("id", 1, 4, Endian::Little, FieldRole::Id, &[]),
            fixed("len", 5, 2, Endian::Big, FieldRole::Length, &[]),
            Field {
                name: "body",
                place: Place::Part { len: "len" },
                role: FieldRole::Body,
                values: &[],
            },
        ]
    }

    const fn layout(frame: &'static str, role: Role, fields: &'static [Field]) -> Layout {
        Layout {
            frame,
            role,
            fixed: 7,
            max: 100,
            fields,
        }
    }

    const LAYOUTS: &[Layout] = &[
        layout("Ask", Role::Request, &fields(&[1, 2])),
        layout("Answer", Role::Response, &fields(&[3, 4])),
    ];

    #[test]
    fn fields_lie_where_the_layout_says() {
        let bytes = *b"\x04\x07\x01\0\0\0\x02hi, and more";
        let frame = Dissection::of(LAYOUTS, &bytes, None).unwrap();
        assert_eq!((frame.layout.frame, frame.len), ("Answer", Some(9)));
        assert_eq!(frame.role(FieldRole::Id).unwrap().number(&bytes), Some(263));
        let body = frame.field("body").unwrap();
        assert_eq!(body.bytes(&bytes), b"hi");
        assert_eq!(frame.len_of(body).unwrap().field.name, "len");
        assert!(Dissection::of(LAYOUTS, &bytes, Some(Role::Request)).is_none());
        assert!(Dissection::of(LAYOUTS, b"\x05", None).is_none());
    }

    #[test]
    fn a_front_says_what_is_missing() {
        let missing = |bytes: &[u8]| {
            let frame = Dissection::of(LAYOUTS, bytes, None).unwrap();
            (frame.layout.frame, frame.len, frame.missing(bytes))
        };
        assert_eq!(super::missing(LAYOUTS, b"\x03\0"), Some(5));
        assert_eq!(super::missing(LAYOUTS, b"\x05\0"), None);
        assert_eq!(missing(b""), ("Ask", None, 7));
        assert_eq!(missing(b"\x03\0"), ("Answer", None, 5));
        assert_eq!(missing(b"\x01\0\0\0\0\0\x05hi"), ("Ask", Some(12), 3));
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        let mut bytes = *b"\x01\0\0\0\0\0\0";
        let frame = Dissection::of(LAYOUTS, &bytes, None).unwrap();
        let (id, len) = (frame.field("id").unwrap(), frame.field("len").unwrap());
        id.put(&mut bytes, 0x0102_0304);
        len.put(&mut bytes, 0xffff_fffe);
        assert_eq!(bytes, *b"\x01\x04\x03\x02\x01\xff\xfe");
        assert_eq!(id.number(&bytes), Some(0x0102_0304));
        assert_eq!(len.number(&bytes), Some(0xfffe));
        assert_eq!(len.signed(&bytes), Some(-2));
    }
}
