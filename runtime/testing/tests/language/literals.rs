//! Values that are written as literals of their fields.

use meshwire::{
    AsciiDecimal, Bytes, Command, FixedStr, Frame, Len, MessageKind, Template, U24, Varint, Zigzag,
};

use super::assert_same;

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(i8)]
enum Codec {
    Json = 12,
    Raw = -1,
    #[frame(other)]
    Other(i8),
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(command = 280, mark = b"BEAT"), oneway(body = "N"))]
struct Literal {
    #[frame(tag("CALL", "BEAT"))]
    mark: [u8; 4],
    #[frame(tag(200, 1200))]
    mti: AsciiDecimal<4>,
    #[frame(default = 257)]
    command: U24,
    #[frame(default = "acme")]
    area: FixedStr<6>,
    #[frame(id)]
    id: u16,
    #[frame(tag(Codec::Json, Codec::Raw))]
    codec: Codec,
    #[frame(default = 300)]
    hops: Varint<u16>,
    #[frame(default = -2)]
    shift: Zigzag<i32>,
    #[frame(when(codec = Codec::Raw))]
    raw: u8,
    #[frame(when(mark = "BEAT", command = 280))]
    beat: u8,
    #[frame(when(mti = 1200))]
    old: u8,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn literals_are_values_of_their_fields() {
    let start = Literal::default();
    assert_eq!(start.mark, *b"CALL");
    assert_eq!(start.mti.as_bytes(), b"0200");
    assert_eq!(start.command.get(), 257);
    assert_eq!(start.area.as_bytes(), b"acme  ");
    assert_eq!((start.hops.get(), start.shift.get()), (300, -2));
    assert_same(
        b"CALL0200\x00\x01\x01acme  \x00\x00\x0c\xac\x02\x03\x00",
        &start,
    );
}

#[test]
fn literals_are_compared_and_written() {
    let beat = Literal::template(Template::Heartbeat).unwrap();
    assert_eq!((beat.mark, beat.command.get()), (*b"BEAT", 280));
    assert_eq!(beat.kind(), MessageKind::Heartbeat);
    assert_same(
        b"BEAT0200\x00\x01\x18acme  \x00\x00\x0c\xac\x02\x03\x00\x00",
        &beat,
    );
    let oneway = b"CALL1200\x00\x01\x01acme  \x00\x07\xff\x01\x01\x05\x06\x01N";
    let oneway = Literal::parse(oneway).frame().unwrap();
    assert_eq!(
        (oneway.kind(), oneway.raw(), oneway.old()),
        (MessageKind::OneWay, 5, 6)
    );
    assert!(Literal::parse(b"CALL0201").frame().is_none());
}

#[test]
fn the_layout_lists_them_as_bit_patterns() {
    let field = |name| {
        let mut fields = Literal::LAYOUT.fields.iter();
        fields.find(|field| field.name == name).unwrap()
    };
    assert_eq!(field("mark").values, [0x4341_4c4c, 0x4245_4154]);
    assert_eq!(field("mti").values, [200, 1200]);
    assert_eq!(field("codec").values, [0x0c, 0xff]);
    assert_eq!(field("raw").when[0].values, [0xff]);
    assert_eq!(field("beat").when[0].values, [0x4245_4154]);
    assert_eq!(field("beat").when[1].values, [280]);
    assert_eq!(field("old").when[0].values, [1200]);
}

/// A constant is a value, too, and in little-endian bytes the pattern of an array is what a number would be.
#[test]
fn constants_are_known_by_their_values() {
    const LAST: u16 = 0x0102;
    const MARK: [u8; 2] = [1, 2];

    #[derive(Frame)]
    #[frame(request, endian = little)]
    struct Constant {
        #[frame(tag(LAST, LAST + 1))]
        _tag: u16,
        #[frame(magic = MARK)]
        _mark: [u8; 2],
        #[frame(id)]
        id: u16,
    }

    let fields = Constant::LAYOUT.fields;
    assert_eq!(
        (fields[0].values, fields[1].values),
        (&[0x102, 0x103][..], &[0x0201][..])
    );
    let view = Constant::parse(&[2, 1, 1, 2, 7, 0]).frame().unwrap();
    assert_eq!(
        view.id(),
        Constant {
            id: 7,
            ..Constant::default()
        }
        .id
    );
}
