//! Bodies that are cut or damaged: whatever they are taken for, nothing else may come of it.

use dubbo::Body;
use meshwire::command::PayloadCodec;

use super::{Region, bodies, changed, headers, request, response, timeout_of, with_headers};

/// Bodies longer than this are damaged in part of their places.
const DENSE: usize = 512;

/// Everything that is done with a body, whatever its header says of it. It never fails on reading, an untouched
/// body stays as it is, and a header that is added arrives or is refused.
fn all(body: &Region) {
    read_and_written(body);
    let mut other = body.clone();
    other.head.serialization = match body.head.serialization {
        super::HESSIAN2 => super::FASTJSON2,
        _ => super::HESSIAN2,
    };
    read_and_written(&other);
}

fn read_and_written(body: &Region) {
    let facts = Body::metadata(body, body.head).unwrap();
    assert_eq!(facts.body, 0..body.len());
    let came = headers(body);
    let timeout = timeout_of(body);
    assert_eq!(changed(body, Some(&came), Some(body)), Ok(body.clone()));
    let _ = Body::is_whole(body, body.head);
    let mut wanted = came;
    wanted.push((b"x-added".to_vec(), b"1".to_vec()));
    if let Ok(out) = with_headers(body, &wanted) {
        assert_eq!(headers(&out), wanted, "{body:02x?}");
        assert_eq!(timeout_of(&out), timeout, "{body:02x?}");
    }
}

fn positions(len: usize) -> impl Iterator<Item = usize> {
    let step = len.div_ceil(DENSE);
    (0..len).step_by(step.max(1))
}

#[test]
fn cut_bodies_are_read() {
    for (_, body) in bodies() {
        for cut in positions(body.len()) {
            all(&body.with(&body[..cut]));
        }
    }
}

#[test]
fn bodies_with_a_flipped_bit_are_read() {
    for (_, mut body) in bodies() {
        for at in positions(body.len()) {
            for bit in 0..8 {
                body.bytes[at] ^= 1 << bit;
                all(&body);
                body.bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn bodies_of_one_byte_over_and_over_are_read() {
    for byte in 0..=u8::MAX {
        for front in [&b""[..], b"\x052.0.2\x03a.B\x031.0\x01m\x02II", b"\x94"] {
            let mut body = front.to_vec();
            body.resize(front.len() + 2000, byte);
            all(&request(&body));
            all(&response(&body));
        }
    }
}
