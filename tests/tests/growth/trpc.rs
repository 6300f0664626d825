//! Heads with many fields: each takes time by its bytes.

use trpc::Trpc;

use super::grows_with_the_frame;

/// A call whose head has these fields too.
fn frame(fields: &[u8]) -> Vec<u8> {
    call(fields, b"")
}

/// A call with this body.
pub(super) fn with_body(body: &[u8]) -> Vec<u8> {
    call(b"", body)
}

fn call(fields: &[u8], body: &[u8]) -> Vec<u8> {
    let front = b"\x18\x07\x32\x01s\x3a\x04/s/m";
    let head = u16::try_from(front.len() + fields.len()).unwrap();
    let total = 16 + u32::from(head) + u32::try_from(body.len()).unwrap();
    let fixed = [
        &b"\x09\x30\0\0"[..],
        &total.to_be_bytes(),
        &head.to_be_bytes(),
        &[0; 6],
    ];
    [&fixed.concat()[..], front, fields, body].concat()
}

#[test]
fn fields() {
    for field in [
        // The id, an unknown integer, an empty pair, a callee, unknown bytes.
        b"\x18\x01",
        b"\x68\x01",
        b"\x4a\x00",
        b"\x32\x00",
        b"\x7a\x00",
    ] {
        grows_with_the_frame::<Trpc>(2000, |items| frame(&field.repeat(items)));
    }
}

#[test]
fn pairs() {
    grows_with_the_frame::<Trpc>(700, |items| {
        let pair = |item| {
            let key = format!("{item:04}");
            [b"\x4a\x09\x0a\x04", key.as_bytes(), b"\x12\x01v"].concat()
        };
        frame(&(0..items).flat_map(pair).collect::<Vec<_>>())
    });
}
