//! Bodies with many values: each takes time by its bytes.

use dubbo::Dubbo;
use meshwire::record::{fastjson2, hessian2};

use super::grows_with_the_frame;

fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let len = i32::try_from(body.len()).unwrap().to_be_bytes();
    [
        &[0xda, 0xbb, flags, 0, 0, 0, 0, 0, 0, 0, 0, 7],
        &len[..],
        body,
    ]
    .concat()
}

/// A call in hessian2 with a parameter, and what follows the descriptor.
fn call(after: &[u8]) -> Vec<u8> {
    frame(
        0xc2,
        &[b"\x052.0.2\x03a.B\x031.0\x01m\x01I", after].concat(),
    )
}

fn keys(items: usize) -> impl Iterator<Item = String> {
    (0..items).map(|item| format!("{item:04}"))
}

#[test]
fn attachments_in_hessian2() {
    grows_with_the_frame::<Dubbo>(1000, |items| {
        let mut map = b"\x91H".to_vec();
        for key in keys(items) {
            hessian2::put_string(key.as_bytes(), &mut map).unwrap();
            map.extend_from_slice(b"\x01v");
        }
        map.push(b'Z');
        call(&map)
    });
}

/// Classes in the arguments, and attachments that are not strings after them.
#[test]
fn classes_and_numbers_in_hessian2() {
    grows_with_the_frame::<Dubbo>(1000, |items| {
        let mut values = b"\x57".to_vec();
        for _ in 0..items {
            values.extend_from_slice(b"C\x00\x90O\x90");
        }
        values.extend_from_slice(b"ZH");
        values.extend_from_slice(&b"\x01k\x91".repeat(items));
        values.push(b'Z');
        call(&values)
    });
}

#[test]
fn chunks_and_chains_in_hessian2() {
    grows_with_the_frame::<Dubbo>(2500, |items| {
        let version = [&b"R\0\0".repeat(items)[..], b"\x052.0.2"].concat();
        frame(
            0xc2,
            &[&version, &b"\x03a.B\x031.0\x01m\x00HZ"[..]].concat(),
        )
    });
    grows_with_the_frame::<Dubbo>(8000, |items| {
        call(&[&b"\x79".repeat(items), &b"NHZ"[..]].concat())
    });
    grows_with_the_frame::<Dubbo>(8000, |items| {
        call(&[b"\x57", &b"\x91".repeat(items)[..], b"ZHZ"].concat())
    });
}

#[test]
fn attachments_in_fastjson2() {
    let value = |jsonb: &[u8]| {
        let len = u32::try_from(jsonb.len()).unwrap();
        [&len.to_be_bytes(), jsonb].concat()
    };
    let text = |text: &str| {
        let mut jsonb = Vec::new();
        fastjson2::put_string(text.as_bytes(), &mut jsonb).unwrap();
        jsonb
    };
    let front: Vec<_> = ["2.0.2", "a.B", "1.0", "m", "I"]
        .map(|front| value(&text(front)))
        .concat();
    grows_with_the_frame::<Dubbo>(1000, |items| {
        let pairs: Vec<_> = keys(items)
            .map(|key| [text(&key), text("v")].concat())
            .collect();
        let map = [b"\xa6", &pairs.concat()[..], b"\xa5"].concat();
        frame(0xd7, &[&front[..], &value(b"\x01"), &value(&map)].concat())
    });
    grows_with_the_frame::<Dubbo>(4000, |items| {
        let entry = [b"\xa6\x4ak", &b"\x95".repeat(items)[..], b"\x01\xa5"].concat();
        frame(
            0xd7,
            &[&front[..], &value(b"\x01"), &value(&entry)].concat(),
        )
    });
}
