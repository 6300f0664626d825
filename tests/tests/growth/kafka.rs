//! Requests with much in them: content, and the name of a client.

use kafka::Kafka;

use super::grows_with_the_frame;

/// A produce request of a client with such a name.
pub(super) fn frame(name: &[u8], content: &[u8]) -> Vec<u8> {
    let len = u32::try_from(10 + name.len() + content.len()).unwrap();
    let name_len = u16::try_from(name.len()).unwrap();
    let head = [
        &len.to_be_bytes()[..],
        b"\0\0\0\x09\0\0\0\x07",
        &name_len.to_be_bytes(),
    ];
    [&head.concat()[..], name, content].concat()
}

#[test]
fn content() {
    grows_with_the_frame::<Kafka>(100_000, |items| frame(b"shop", &vec![7; items]));
}

#[test]
fn names() {
    grows_with_the_frame::<Kafka>(4000, |items| frame(&b"n".repeat(items), b"content"));
}
