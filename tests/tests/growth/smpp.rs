//! Short messages with many optional parameters: each takes time by its bytes.

use smpp::Smpp;

use super::grows_with_the_frame;

/// A `submit_sm` with these parameters.
pub(super) fn frame(parameters: &[u8]) -> Vec<u8> {
    let mandatory = b"\0\x01\x0112\0\x01\x0167\0\0\0\0\0\0\0\0\x08\0\x02hi";
    let len = u32::try_from(16 + mandatory.len() + parameters.len()).unwrap();
    let head = [
        &len.to_be_bytes()[..],
        b"\0\0\0\x04\0\0\0\0\0\0\0\x01",
        mandatory,
    ];
    [head.concat().as_slice(), parameters].concat()
}

#[test]
fn parameters() {
    for parameter in [
        // One of a vendor, an empty known one, a number that is there again and again.
        &b"\x14\0\0\0"[..],
        b"\x04\x27\0\0",
        b"\x02\x04\0\x02\0\x07",
    ] {
        grows_with_the_frame::<Smpp>(3000, |items| frame(&parameter.repeat(items)));
    }
    // All of them at once, in turn.
    grows_with_the_frame::<Smpp>(800, |items| {
        frame(&b"\x02\x0c\0\x02\0\x07\x02\x0e\0\x01\x02\x14\0\0\0\x02\x0f\0\x01\x01".repeat(items))
    });
}
