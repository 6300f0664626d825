//! The offsets of a frame's fields, by the description of its layout alone.
//!
//! No codec is asked, so this is a second opinion on one: dumps name bytes with it, and the
//! conformance tests hold codecs against it.

mod pairs;
mod span;
mod walk;

use meshwire::frame::{Direction, FieldRole, Layout, Place};

pub use pairs::{Pair, pairs};
pub use span::Span;

use walk::{Extent, Walk};

/// A frame with its fields, each at its bytes.
#[derive(Clone, Debug)]
pub struct Dissection {
    /// The layout of the frame.
    pub layout: &'static Layout,
    /// The fields in the order of the wire. Parts are missing where the fixed part is not complete.
    pub spans: Vec<Span>,
    /// Bytes of the whole frame, as it announces itself; `None` before the fields are there that say it.
    pub len: Option<usize>,
    /// The number of bytes needed to find out more.
    known: usize,
}

impl Dissection {
    /// The fields of the frame at the front of `bytes`, if it is of this layout.
    pub fn new(layout: &'static Layout, bytes: &[u8]) -> Self {
        let mut walk = Walk::new(layout, bytes);
        let (len, known) = match walk.go() {
            Extent::Whole(len) => (Some(len), len),
            Extent::AtLeast(known) => (None, known),
        };
        Self {
            layout,
            spans: walk.spans,
            len,
            known,
        }
    }

    /// The frame at the front of `bytes` by the first of `layouts` that can be it: whose known values
    /// are there, which go in `direction` if that is known, and best of all whose length is
    /// that of `bytes`.
    pub fn of(
        layouts: &'static [Layout],
        bytes: &[u8],
        direction: Option<Direction>,
    ) -> Option<Self> {
        let possible = || {
            layouts
                .iter()
                .filter(|layout| {
                    layout.direction == Direction::Either
                        || direction
                            .map_or(!layout.from_server, |wanted| wanted == layout.direction)
                })
                .filter(|layout| agrees(layout, bytes))
                .map(|layout| Self::new(layout, bytes).for_direction(direction))
        };
        possible()
            .find(|frame| frame.len == Some(bytes.len()) && frame.holds(bytes))
            .or_else(|| possible().find(|frame| frame.holds(bytes)))
            .or_else(|| possible().next())
    }

    /// Of a layout for both halves of a call, what its fields mean in one of them.
    fn for_direction(mut self, direction: Option<Direction>) -> Self {
        let meant = match direction {
            Some(Direction::Request) => FieldRole::Timeout,
            Some(Direction::Response) => FieldRole::Status,
            Some(Direction::Either) | None => return self,
        };
        for span in &mut self.spans {
            if span.role == FieldRole::TimeoutOrStatus {
                span.role = meant;
            }
        }
        self
    }

    /// Whether the values that the layout lists are there after parts too.
    fn holds(&self, bytes: &[u8]) -> bool {
        let listed = self.spans.iter();
        let mut listed = listed.filter(|span| span.field.checked);
        listed.all(|span| {
            let number = span.number(bytes);
            number.is_none_or(|number| span.field.allows(number))
        })
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
            _ => None,
        }
    }

    /// The fields whose value follows from other bytes, if the part `span` is another one: lengths around
    /// it, and checksums.
    pub fn follow(&self, span: &Span) -> impl Iterator<Item = &Span> {
        let index = self.index(span.field.name);
        self.spans.iter().filter(move |other| {
            let covers = other.field.covers.as_ref();
            covers.is_some_and(|covers| {
                let (first, last) = (self.index(covers.first), self.index(covers.last));
                other.role == FieldRole::Checksum || (first <= index && index <= last)
            })
        })
    }

    /// The first field that is another one in a frame of the same layout with another id of variable width, but
    /// for what follows from the id: its copies, lengths around it, and checksums.
    pub fn changed_beside_id(&self, bytes: &[u8], other: &Self, others: &[u8]) -> Option<&Span> {
        let id = self.role(FieldRole::Id)?;
        let follow: Vec<_> = self.follow(id).map(|span| span.field.name).collect();
        self.spans.iter().find(|span| {
            let meant = matches!(span.role, FieldRole::Id | FieldRole::IdCopy);
            let same = other.field(span.field.name).map(|span| span.bytes(others));
            !meant && !follow.contains(&span.field.name) && same != Some(span.bytes(bytes))
        })
    }

    fn index(&self, name: &str) -> usize {
        let mut fields = self.layout.fields.iter();
        fields.position(|field| field.name == name).unwrap_or(0)
    }

    /// Whether every varint has as few bytes as it takes: what is written anew has.
    pub fn is_shortest(&self, bytes: &[u8]) -> bool {
        self.spans.iter().all(|span| span.is_shortest(bytes))
    }

    /// Bytes that are missing until the frame is complete, or until its fixed part is; 0 if it is
    /// complete.
    pub fn missing(&self, bytes: &[u8]) -> usize {
        self.known.saturating_sub(bytes.len())
    }
}

/// The fewest bytes that are missing until one of `layouts` is complete, or its fixed part; `None` if
/// the bytes are the front of none of them.
pub fn missing(layouts: &'static [Layout], bytes: &[u8]) -> Option<usize> {
    let possible = layouts.iter().filter(|layout| agrees(layout, bytes));
    possible
        .filter(|layout| !layout.from_server)
        .map(|layout| Dissection::new(layout, bytes).missing(bytes))
        // What is complete and no frame lacks nothing that could come.
        .filter(|missing| *missing > 0)
        .min()
}

/// Whether every value that the layout lists, and that is in `bytes`, is one of the listed ones.
fn agrees(layout: &'static Layout, bytes: &[u8]) -> bool {
    layout.fields.iter().all(|field| match field.place {
        Place::Fixed { at, size, .. } if field.checked => {
            let number = Span::new(field, at, size).number(bytes);
            number.is_none_or(|number| field.allows(number))
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::frame::Field;
    use meshwire::wire::Endian;

    const fn fixed(
        name: &'static str,
        at: usize,
        size: usize,
        endian: Endian,
        role: FieldRole,
        values: &'static [u64],
    ) -> Field {
        Field::plain(name, Place::Fixed { at, size, endian }, role).checked(values)
    }

    const fn fields(kinds: &'static [u64]) -> [Field; 4] {
        [
            fixed("kind", 0, 1, Endian::Big, FieldRole::Tag, kinds),
            fixed("id", 1, 4, Endian::Little, FieldRole::Id, &[]),
            fixed("len", 5, 2, Endian::Big, FieldRole::Length, &[]),
            Field::plain("body", Place::Part { len: "len" }, FieldRole::Body),
        ]
    }

    const fn layout(frame: &'static str, direction: Direction, fields: &'static [Field]) -> Layout {
        Layout::new(frame, direction, 7, 100, fields)
    }

    const LAYOUTS: &[Layout] = &[
        layout("Ask", Direction::Request, &fields(&[1, 2])),
        layout("Answer", Direction::Response, &fields(&[3, 4])),
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
        assert!(Dissection::of(LAYOUTS, &bytes, Some(Direction::Request)).is_none());
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
        let whole = b"\x03\0\0\0\0\0\x02hi";
        assert_eq!(super::missing(LAYOUTS, whole), None, "it lacks nothing");
        assert_eq!(missing(b""), ("Ask", None, 7));
        assert_eq!(missing(b"\x03\0"), ("Answer", None, 5));
        assert_eq!(missing(b"\x01\0\0\0\0\0\x05hi"), ("Ask", Some(12), 3));
    }

    const fn varint(name: &'static str, size: usize, zigzag: bool, role: FieldRole) -> Field {
        Field::plain(name, Place::Varint { size, zigzag }, role)
    }

    const VARYING: &Layout = &Layout::new(
        "Varying",
        Direction::Request,
        1,
        100,
        &[
            fixed("kind", 0, 1, Endian::Big, FieldRole::Tag, &[1]),
            varint("id", 4, false, FieldRole::Id),
            varint("timeout", 2, true, FieldRole::Timeout),
            varint("len", 4, false, FieldRole::Length),
            Field::plain("body", Place::Part { len: "len" }, FieldRole::Body),
        ],
    );

    #[test]
    fn varints_end_where_their_last_byte_does() {
        let bytes = *b"\x01\xac\x02\x03\x82\x00hi, and more";
        let frame = Dissection::new(VARYING, &bytes);
        let [id, timeout, len] = ["id", "timeout", "len"].map(|name| frame.field(name).unwrap());
        assert_eq!((id.number(&bytes), id.range()), (Some(300), 1..3));
        assert_eq!(timeout.signed(&bytes), Some(-2));
        assert_eq!(timeout.number(&bytes), Some(0xfffe));
        assert_eq!((len.number(&bytes), frame.len), (Some(2), Some(8)));
        assert!(!frame.is_shortest(&bytes) && id.is_shortest(&bytes));
        let missing = |bytes: &[u8]| Dissection::new(VARYING, bytes).missing(bytes);
        let cuts = [0, 1, 2, 3, 4, 5, 6, 7].map(|cut| missing(&bytes[..cut]));
        assert_eq!(cuts, [1, 1, 1, 1, 1, 1, 2, 1]);
    }

    #[test]
    fn a_varint_has_as_many_bytes_as_its_number_takes() {
        let bytes = *b"\x01\x07\x03\x00";
        let frame = Dissection::new(VARYING, &bytes);
        let [id, timeout] = ["id", "timeout"].map(|name| frame.field(name).unwrap());
        assert_eq!(id.with(&bytes, 300), *b"\x01\xac\x02\x03\x00");
        assert_eq!(timeout.with(&bytes, 0xffff), *b"\x01\x07\x01\x00");
        assert_eq!(id.largest(), 0xffff_ffff);
        let longer = id.with(&bytes, 300);
        let other = Dissection::new(VARYING, &longer);
        assert!(frame.changed_beside_id(&bytes, &other, &longer).is_none());
        let damaged = *b"\x01\xac\x02\x05\x00";
        let other = Dissection::new(VARYING, &damaged);
        let changed = frame.changed_beside_id(&bytes, &other, &damaged).unwrap();
        assert_eq!(changed.field.name, "timeout");
    }

    #[test]
    fn a_part_may_announce_any_size() {
        for size in [1 << 61, usize::MAX] {
            let body = Span::new(&LAYOUTS[0].fields[3], 7, size);
            assert_eq!(body.largest(), u64::MAX);
            assert_eq!((body.number(b"hi"), body.signed(b"hi")), (None, None));
            assert_eq!(body.range(), 7..7_usize.saturating_add(size));
            assert_eq!(body.bytes(b"0123456hi"), b"hi");
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        let bytes = *b"\x01\0\0\0\0\0\0";
        let frame = Dissection::of(LAYOUTS, &bytes, None).unwrap();
        let (id, len) = (frame.field("id").unwrap(), frame.field("len").unwrap());
        let with_id = id.with(&bytes, 0x0102_0304);
        let bytes = len.with(&with_id, 0xffff_fffe);
        assert_eq!(bytes, *b"\x01\x04\x03\x02\x01\xff\xfe");
        assert_eq!(id.number(&bytes), Some(0x0102_0304));
        assert_eq!(len.number(&bytes), Some(0xfffe));
        assert_eq!(len.signed(&bytes), Some(-2));
    }
}
