//! The bodies of dubbo frames, real and derived by hand.

mod damage;
mod facts;
mod fastjson2;
mod rewrite;

use dubbo::Body;
use dubbo::hessian::put_string;
use meshwire::command::{Changes, Dialect};
use meshwire::frame::{FormatError, HeaderWriter};
use meshwire::vectors::{self, Vector};
use meshwire::{HeaderMap, Timeout};

/// Bytes before the body.
const HEADER: usize = 16;

/// A header, owned.
type Pair = (Vec<u8>, Vec<u8>);

fn vectors() -> Vec<Vector> {
    vectors::good(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")).unwrap()
}

/// The body of the frame in a vector.
fn body(name: &str) -> Vec<u8> {
    let vector = vectors().into_iter().find(|vector| vector.name() == name);
    vector.unwrap().bytes[HEADER..].to_vec()
}

/// The bodies of all frames.
fn bodies() -> impl Iterator<Item = (String, Vec<u8>)> {
    let body = |vector: Vector| (vector.name().to_owned(), vector.bytes[HEADER..].to_vec());
    vectors().into_iter().map(body)
}

/// The headers that a body tells.
fn headers(body: &[u8]) -> Vec<Pair> {
    let mut block = b"front".to_vec();
    Body::headers(body, &mut HeaderWriter::new(&mut block)).unwrap();
    let mut rest = block.strip_prefix(b"front").unwrap();
    let mut strings = Vec::new();
    while let Some((len, behind)) = rest.split_first_chunk() {
        let (string, behind) = behind.split_at(u32::from_be_bytes(*len) as usize);
        strings.push(string.to_vec());
        rest = behind;
    }
    let pairs = strings.chunks(2);
    pairs.map(|two| (two[0].clone(), two[1].clone())).collect()
}

/// How long the caller of a body waits.
fn timeout_of(body: &[u8]) -> Timeout {
    Body::timeout(body).unwrap_or(Timeout::Unset)
}

/// A list of headers.
fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
    let owned = |text: &str| text.as_bytes().to_vec();
    let pairs = list.iter().map(|(key, value)| (owned(key), owned(value)));
    pairs.collect()
}

/// The body with other headers.
fn with_headers(body: &[u8], wanted: &[Pair]) -> Result<Vec<u8>, FormatError> {
    changed(body, Some(wanted), None)
}

/// The body with changes; on an error nothing may have been written.
fn changed(
    body: &[u8],
    wanted: Option<&[Pair]>,
    other: Option<&[u8]>,
) -> Result<Vec<u8>, FormatError> {
    let map = wanted.map(|pairs| pairs.iter().cloned().collect::<HeaderMap>());
    let changes = Changes {
        headers: map.as_ref().map(HeaderMap::as_headers),
        body: other,
        ..Changes::default()
    };
    let mut out = b"front".to_vec();
    let written = Body::rewrite(body, &changes, &mut out);
    let behind = out.strip_prefix(b"front").unwrap().to_vec();
    assert!(written.is_ok() || behind.is_empty(), "{behind:02x?}");
    written.map(|()| behind)
}

/// A call derived by hand from `DubboCodec.encodeRequestData`: the strings at its front, then what is
/// given.
fn call(descriptor: &str, behind: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for text in ["2.0.2", "a.B", "1.0", "m", descriptor] {
        put_string(text.as_bytes(), &mut body).unwrap();
    }
    [&body, behind].concat()
}

/// The headers of [`call`] that are not attachments.
const FRONT: [(&str, &str); 4] = [
    ("dubbo", "2.0.2"),
    ("service", "a.B"),
    ("version", "1.0"),
    ("method", "m"),
];
