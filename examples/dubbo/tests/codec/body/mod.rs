//! The bodies of dubbo frames, real and derived by hand.

mod damage;
mod facts;
mod fastjson2;
mod rewrite;

use std::ops::Deref;

use dubbo::{Body, Dubbo, DubboView, Head};
use meshwire::command::{MetadataEdits, PayloadCodec};
use meshwire::frame::{FormatError, HeaderWriter};
use meshwire::record::hessian2::put_string;
use meshwire::{Codec, HeaderMap, Timeout};
use meshwire_testing::vectors::{self, Vector};

/// Bytes before the body.
const HEADER: usize = 16;

/// A header, owned.
type Pair = (Vec<u8>, Vec<u8>);

fn vectors() -> Vec<Vector> {
    vectors::good(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")).unwrap()
}

/// A body, and what the header of its frame says of it.
#[derive(Clone, Debug, PartialEq)]
struct Region {
    head: Head,
    bytes: Vec<u8>,
}

impl Deref for Region {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Region {
    fn of(request: u8, serialization: u8, bytes: &[u8]) -> Self {
        Self {
            head: Head {
                request,
                event: 0,
                serialization,
            },
            bytes: bytes.to_vec(),
        }
    }

    /// Other bytes in the place of these.
    fn with(&self, bytes: &[u8]) -> Self {
        Self {
            head: self.head,
            bytes: bytes.to_vec(),
        }
    }
}

const HESSIAN2: u8 = 2;
const FASTJSON2: u8 = 23;

/// The body of a request in hessian2.
fn request(bytes: &[u8]) -> Region {
    Region::of(1, HESSIAN2, bytes)
}

/// The body of a response in hessian2.
fn response(bytes: &[u8]) -> Region {
    Region::of(0, HESSIAN2, bytes)
}

/// The body of a frame.
fn region(frame: &[u8]) -> Region {
    let (request, event, serialization) = match Dubbo::parse(frame).frame().unwrap() {
        DubboView::DubboRequest(view) => (view.request(), view.event(), view.serialization()),
        DubboView::DubboResponse(view) => (view.request(), view.event(), view.serialization()),
    };
    Region {
        head: Head {
            request,
            event,
            serialization,
        },
        bytes: frame[HEADER..].to_vec(),
    }
}

/// The body of the frame in a vector.
fn body(name: &str) -> Region {
    let vector = vectors().into_iter().find(|vector| vector.name() == name);
    region(&vector.unwrap().bytes)
}

/// The bodies of all vectors' first frames.
fn bodies() -> impl Iterator<Item = (String, Region)> {
    let body = |vector: Vector| (vector.name().to_owned(), region(&vector.bytes));
    vectors().into_iter().map(body)
}

/// The headers of a body.
fn headers(body: &Region) -> Vec<Pair> {
    let mut block = b"front".to_vec();
    Body::headers(body, body.head, &mut HeaderWriter::new(&mut block)).unwrap();
    let mut rest = block.strip_prefix(b"front").unwrap();
    let mut strings = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk() {
        let (string, after) = after.split_at(u32::from_be_bytes(*len) as usize);
        strings.push(string.to_vec());
        rest = after;
    }
    let pairs = strings.chunks(2);
    pairs.map(|two| (two[0].clone(), two[1].clone())).collect()
}

/// How long the caller of a body waits.
fn timeout_of(body: &Region) -> Timeout {
    Body::timeout(body, body.head).unwrap_or(Timeout::Unset)
}

/// A list of headers.
fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
    let owned = |text: &str| text.as_bytes().to_vec();
    let pairs = list.iter().map(|(key, value)| (owned(key), owned(value)));
    pairs.collect()
}

/// The body with other headers.
fn with_headers(body: &Region, wanted: &[Pair]) -> Result<Region, FormatError> {
    changed(body, Some(wanted), None)
}

/// The body with changes; on an error nothing may have been written.
fn changed(
    body: &Region,
    wanted: Option<&[Pair]>,
    other: Option<&[u8]>,
) -> Result<Region, FormatError> {
    let map = wanted.map(|pairs| pairs.iter().cloned().collect::<HeaderMap>());
    let changes = MetadataEdits {
        headers: map.as_ref().map(HeaderMap::as_headers),
        body: other,
        ..MetadataEdits::default()
    };
    let mut out = b"front".to_vec();
    let written = Body::rewrite(body, body.head, &changes, &mut out);
    let after = out.strip_prefix(b"front").unwrap();
    assert!(written.is_ok() || after.is_empty(), "{after:02x?}");
    written.map(|()| body.with(after))
}

/// A call derived by hand from `DubboCodec.encodeRequestData`: the strings at its front, then what is
/// given.
fn call(descriptor: &str, after: &[u8]) -> Region {
    let mut body = Vec::new();
    for text in ["2.0.2", "a.B", "1.0", "m", descriptor] {
        put_string(text.as_bytes(), &mut body).unwrap();
    }
    request(&[&body, after].concat())
}

/// The headers of [`call`] that are not attachments.
const FRONT: [(&str, &str); 4] = [
    ("dubbo", "2.0.2"),
    ("service", "a.B"),
    ("version", "1.0"),
    ("method", "m"),
];
