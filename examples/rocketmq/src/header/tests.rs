mod reading;
mod writing;

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind};
use meshwire_testing::conformance::{facts_of, headers_of};
use meshwire_testing::vectors::{self, Expected, Vector};

use super::RemotingCommand;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the header: the length of the frame, the type and length of the header.
const FRONT: usize = 8;

/// The header of a frame that says it is JSON.
fn region(vector: &Vector) -> Option<Vec<u8>> {
    let (length, rest) = vector.bytes.get(4..)?.split_first_chunk()?;
    let [0, high, middle, low] = *length else {
        return None;
    };
    let len = u32::from_be_bytes([0, high, middle, low]) as usize;
    Some(rest.get(..len)?.to_vec())
}

/// The header of a good vector.
fn header(name: &str) -> Vec<u8> {
    region(&Vector::read(format!("{VECTORS}/json_{name}.hex")).unwrap()).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<RemotingCommand>(region, ()).unwrap()
}

fn rewritten(region: &[u8], changes: &MetadataEdits<'_>) -> Result<String, FormatError> {
    let mut out = Vec::new();
    RemotingCommand::rewrite(region, (), changes, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<String, FormatError> {
    let changes = MetadataEdits {
        headers: Some(headers.as_headers()),
        ..MetadataEdits::default()
    };
    rewritten(region, &changes)
}

/// Changes a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> String {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted, "{out}");
    assert_eq!(
        RemotingCommand::metadata(out.as_bytes(), ()),
        RemotingCommand::metadata(region, ())
    );
    out
}
