//! Messages with much in them.

use someip::SomeIp;

use super::grows_with_the_frame;

/// A call with so many bytes of arguments.
pub(super) fn frame(size: usize) -> Vec<u8> {
    let len = u32::try_from(8 + size).unwrap().to_be_bytes();
    let front = [&b"\x12\x34\0\x01"[..], &len, b"\0\x01\0\x02\x01\x01\0\0"];
    [front.concat(), vec![7; size]].concat()
}

#[test]
fn payloads() {
    grows_with_the_frame::<SomeIp>(100_000, frame);
}
