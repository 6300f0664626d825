//! Metas with many fields: each takes time by its bytes.

use baidu_std::BaiduStd;

use super::grows_with_the_frame;

/// A frame with a meta of a request, and these fields.
fn frame(fields: &[u8]) -> Vec<u8> {
    let front = b"\x0a\x06\x0a\x01s\x12\x01m\x20\x05";
    let len = u32::try_from(front.len() + fields.len()).unwrap();
    let len = len.to_be_bytes();
    [b"PRPC", &len[..], &len, front, fields].concat()
}

#[test]
fn fields_of_two_bytes() {
    for field in [
        // The id, an unknown integer, an empty request, an empty user field, unknown bytes, a group.
        b"\x20\x01",
        b"\x68\x01",
        b"\x0a\x00",
        b"\x4a\x00",
        b"\x6a\x00",
        b"\x73\x74",
    ] {
        grows_with_the_frame::<BaiduStd>(3750, |items| frame(&field.repeat(items)));
    }
}

#[test]
fn fields_of_the_request() {
    grows_with_the_frame::<BaiduStd>(3750, |items| {
        let inner = b"\x3a\x00".repeat(items);
        let mut fields = b"\x0a".to_vec();
        let len = u64::try_from(inner.len()).unwrap();
        meshwire::wire::varint::write(len, &mut fields);
        frame(&[fields, inner].concat())
    });
}

#[test]
fn user_fields() {
    grows_with_the_frame::<BaiduStd>(700, |items| {
        let entry = |item| {
            [
                b"\x4a\x09\x0a\x04",
                format!("{item:04}").as_bytes(),
                b"\x12\x01v",
            ]
            .concat()
        };
        let entries: Vec<_> = (0..items).map(entry).collect();
        frame(&entries.concat())
    });
}
