//! tars packets, real and derived by hand.

mod damage;
mod facts;
mod rewrite;

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::{HeaderMap, Timeout};
use meshwire_testing::vectors::{self, Vector};
use tars::Packet;

/// Bytes before the packet: the length of the frame.
const LENGTH: usize = 4;

/// A header, owned.
type Pair = (Vec<u8>, Vec<u8>);

fn vectors() -> Vec<Vector> {
    vectors::good(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")).unwrap()
}

/// The packet of the frame in a vector.
fn packet(name: &str) -> Vec<u8> {
    let vector = vectors().into_iter().find(|vector| vector.name() == name);
    vector.unwrap().bytes[LENGTH..].to_vec()
}

/// The packets of all frames.
fn packets() -> impl Iterator<Item = (String, Vec<u8>)> {
    let packet = |vector: Vector| (vector.name().to_owned(), vector.bytes[LENGTH..].to_vec());
    vectors().into_iter().map(packet)
}

/// The headers of a packet.
fn headers(packet: &[u8]) -> Result<Vec<Pair>, FormatError> {
    let mut block = b"front".to_vec();
    Packet::headers(packet, (), &mut HeaderWriter::new(&mut block))?;
    let mut rest = block.strip_prefix(b"front").unwrap();
    let mut strings = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk() {
        let (string, after) = after.split_at(u32::from_be_bytes(*len) as usize);
        strings.push(string.to_vec());
        rest = after;
    }
    let pairs = strings.chunks(2);
    Ok(pairs.map(|two| (two[0].clone(), two[1].clone())).collect())
}

/// A list of headers.
fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
    let owned = |text: &str| text.as_bytes().to_vec();
    let pairs = list.iter().map(|(key, value)| (owned(key), owned(value)));
    pairs.collect()
}

/// The packet with changes; on an error nothing may have been written.
fn rewritten(packet: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, FormatError> {
    let mut out = b"front".to_vec();
    let written = Packet::rewrite(packet, (), changes, &mut out);
    let after = out.strip_prefix(b"front").unwrap().to_vec();
    assert!(written.is_ok() || after.is_empty(), "{after:02x?}");
    written.map(|()| after)
}

/// The packet with other headers.
fn with_headers(packet: &[u8], wanted: &[Pair]) -> Result<Vec<u8>, FormatError> {
    let map: HeaderMap = wanted.iter().cloned().collect();
    rewritten(
        packet,
        &MetadataEdits {
            headers: Some(map.as_headers()),
            ..MetadataEdits::default()
        },
    )
}

fn with_body(packet: &[u8], body: &[u8]) -> Result<Vec<u8>, FormatError> {
    rewritten(
        packet,
        &MetadataEdits {
            body: Some(body),
            ..MetadataEdits::default()
        },
    )
}

fn with_id(packet: &[u8], id: u64) -> Result<Vec<u8>, FormatError> {
    rewritten(
        packet,
        &MetadataEdits {
            id: Some(IdEdit::Number(id)),
            ..MetadataEdits::default()
        },
    )
}

fn with_status(packet: &[u8], status: i64) -> Result<Vec<u8>, FormatError> {
    rewritten(
        packet,
        &MetadataEdits {
            status: Some(status),
            ..MetadataEdits::default()
        },
    )
}

/// The id of a packet.
fn id(packet: &[u8]) -> u64 {
    match Packet::metadata(packet, ()).unwrap().id {
        PayloadId::Number(id) => id,
        PayloadId::Opaque(range) => panic!("the id is not a number: {range:?}"),
    }
}

/// How long the caller of a packet waits.
fn timeout(packet: &[u8]) -> Timeout {
    Packet::timeout(packet, ()).unwrap()
}

/// The body of a packet.
fn body(packet: &[u8]) -> &[u8] {
    &packet[Packet::metadata(packet, ()).unwrap().body]
}

/// The bytes with the one place where `old` is replaced.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let places = (0..bytes.len()).filter(|start| bytes[*start..].starts_with(old));
    let [start] = places.collect::<Vec<_>>()[..] else {
        panic!("{old:02x?} is not there, or more than once");
    };
    [&bytes[..start], new, &bytes[start + old.len()..]].concat()
}

/// A packet that a mesh makes.
fn template(template: Template) -> Vec<u8> {
    Packet::template(template, ()).unwrap()
}

/// A request derived by hand from `RequestF.tars`: version 1, id 5, servant `S`, function `f`, one
/// byte, and the fields after that.
fn request(after: &[u8]) -> Vec<u8> {
    let front = b"\x10\x01\x2c\x3c\x40\x05\x56\x01S\x66\x01f\x7d\x00\x00\x01x";
    [&front[..], after].concat()
}
