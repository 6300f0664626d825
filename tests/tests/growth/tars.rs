//! Packets with many fields: each takes time by its bytes.

use tars::Tars;
use tars::jce::{Type, put_head, put_int, put_string};

use super::grows_with_the_frame;

/// A request of this version, and the fields after its timeout.
fn frame(version: u8, after: &[u8]) -> Vec<u8> {
    let packet = [
        &[0x10, version][..],
        b"\x2c\x3c\x40\x05\x56\x01S\x66\x01f\x7d\x00\x00\x01x\x8c",
        after,
    ];
    let packet = packet.concat();
    let len = u32::try_from(packet.len() + 4).unwrap().to_be_bytes();
    [&len[..], &packet].concat()
}

fn map(tag: u8, items: usize) -> Vec<u8> {
    let mut map = Vec::new();
    put_head(tag, Type::Map, &mut map);
    put_int(0, i32::try_from(items).unwrap(), &mut map);
    for item in 0..items {
        put_string(0, format!("{item:04}").as_bytes(), &mut map).unwrap();
        put_string(1, b"v", &mut map).unwrap();
    }
    map
}

#[test]
fn entries_of_maps() {
    grows_with_the_frame::<Tars>(900, |items| frame(1, &map(9, items)));
    grows_with_the_frame::<Tars>(900, |items| {
        frame(3, &[&b"\x98\x0c"[..], &map(10, items)].concat())
    });
}

#[test]
fn fields_that_nobody_knows() {
    grows_with_the_frame::<Tars>(4000, |items| frame(1, &b"\xfc\x20".repeat(items)));
    // Lists in lists, structs beside each other.
    grows_with_the_frame::<Tars>(2500, |items| {
        frame(
            1,
            &[
                &b"\xb9\x00\x01"[..],
                &b"\x09\x00\x01".repeat(items),
                b"\x0c",
            ]
            .concat(),
        )
    });
    grows_with_the_frame::<Tars>(2500, |items| {
        frame(
            1,
            &[&b"\xba"[..], &b"\x0a\x0c\x0b".repeat(items), b"\x0b"].concat(),
        )
    });
}
