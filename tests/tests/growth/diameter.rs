//! Messages with many attributes: each takes time by its bytes.

use diameter::Diameter;

use super::grows_with_the_frame;

/// An Accounting-Request with these attributes.
pub(super) fn frame(avps: &[u8]) -> Vec<u8> {
    let len = u32::try_from(20 + avps.len()).unwrap().to_be_bytes();
    let head = b"\xc0\0\x01\x0f\0\0\0\x03\0\0\0\x07\0\0\0\x09";
    [&[1], &len[1..], head, avps].concat()
}

#[test]
fn attributes() {
    for avp in [
        // Unknown, of a vendor, a result, an experimental result in which there is nothing.
        &b"\0\0\x01\0\x40\0\0\x08"[..],
        b"\0\0\x01\x08\x80\0\0\x0c\0\0\0\x01",
        b"\0\0\x01\x0c\x40\0\0\x0c\0\0\x07\xd1",
        b"\0\0\x01\x29\x40\0\0\x08",
    ] {
        grows_with_the_frame::<Diameter>(1000, |items| frame(&avp.repeat(items)));
    }
}

#[test]
fn headers() {
    // A Route-Record is a header each time.
    grows_with_the_frame::<Diameter>(800, |items| {
        let avp = |item| {
            let text = format!("{item:04}");
            [b"\0\0\x01\x1a\x40\0\0\x0c", text.as_bytes()].concat()
        };
        frame(&(0..items).flat_map(avp).collect::<Vec<_>>())
    });
}
