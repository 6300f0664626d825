mod read;
mod write;

use meshwire::HeaderMap;
use meshwire::command::{MetadataEdits, PayloadCodec};
use meshwire::frame::FormatError;
use meshwire_testing::conformance::headers_of;
use meshwire_testing::vectors::Vector;

use super::RpcMeta;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the meta: the magic and two sizes.
const FRONT: usize = 12;

/// The meta of a frame.
fn region(vector: &Vector) -> Option<Vec<u8>> {
    let (front, body) = vector.bytes.split_first_chunk::<FRONT>()?;
    let len = u32::from_be_bytes(*front.last_chunk()?);
    Some(body.get(..len as usize)?.to_vec())
}

/// The meta of a good vector.
fn meta(name: &str) -> Vec<u8> {
    region(&Vector::read(format!("{VECTORS}/{name}.hex")).unwrap()).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<RpcMeta>(region, ()).unwrap()
}

fn rewritten(region: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::new();
    RpcMeta::rewrite(region, (), changes, &mut out).map(|()| out)
}

/// The region with these headers.
fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<Vec<u8>, FormatError> {
    let headers = Some(headers.as_headers());
    rewritten(
        region,
        &MetadataEdits {
            headers,
            ..MetadataEdits::default()
        },
    )
}

/// Edits a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> Vec<u8> {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(&out), wanted);
    assert_eq!(RpcMeta::metadata(&out, ()), RpcMeta::metadata(region, ()));
    out
}
