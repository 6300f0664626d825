//! Packets with many fields: each takes time by its bytes.

use tars::Tars;

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
    let count = u16::try_from(items).unwrap().to_be_bytes();
    let mut map = [&[tag << 4 | 8, 0x01][..], &count].concat();
    for item in 0..items {
        map.extend(format!("\x06\x04{item:04}\x16\x01v").into_bytes());
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
