use super::*;
use meshwire::protocol::Codec;
use meshwire::{Bytes, FixedStr, Frame, Len, Text, Varint, protocol};

/// Has each kind of field that is drawn in a way of its own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, endian = little, max = 65_536)]
struct Ask {
    #[frame(magic = *b"AS")]
    magic: [u8; 2],
    #[frame(tag = 1, bits = 3)]
    kind: u8,
    #[frame(bits = 1)]
    compressed: u8,
    #[frame(bits = 4)]
    version: u8,
    #[frame(id)]
    id: u32,
    zone: FixedStr<20>,
    #[frame(len_of = .., unit = 4)]
    size: Len<u8>,
    hops: Varint<u32>,
    #[frame(len_of = note, null = -1)]
    note_len: Len<i8>,
    #[frame(header = "note")]
    note: Option<Text>,
    #[frame(when(version = 2))]
    extra: u64,
    #[frame(body)]
    body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, from = server)]
struct Answer {
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u8,
}

#[protocol(name = "x-<acme>", frames(Ask, Answer), keep_alive = none, hijacker = none)]
struct Acme;

#[test]
fn each_kind_of_field_is_drawn() {
    let expected = include_str!("tests/acme.txt");
    assert_eq!(text(Acme::LAYOUTS), expected);
}

#[test]
fn svg_names_each_field_and_is_escaped() {
    let svg = svg("x-<acme>", Acme::LAYOUTS);
    assert!(svg.contains("<title>Frames of x-&lt;acme></title>"));
    for layout in Acme::LAYOUTS {
        for field in layout.fields {
            assert!(svg.contains(&format!("<title>{}</title>", field.name)));
        }
    }
}
