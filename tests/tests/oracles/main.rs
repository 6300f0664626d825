//! Records against libraries of their encodings: regions that a library has written mean the same here, and a library
//! reads regions that were written again here, with what was changed and nothing else.

mod json;
mod protobuf;
mod xml;

use meshwire::HeaderMap;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire_testing::conformance::headers_of;

/// The region with an id, headers and a status.
fn rewritten<D: PayloadCodec<Inputs = ()>>(
    region: &[u8],
    id: u64,
    headers: &HeaderMap,
    status: Option<i64>,
) -> Vec<u8> {
    let changes = MetadataEdits {
        id: Some(IdEdit::Number(id)),
        headers: Some(headers.as_headers()),
        status,
        ..MetadataEdits::default()
    };
    let mut out = Vec::new();
    D::rewrite(region, (), &changes, &mut out).expect("the changes can be made");
    out
}

/// The headers, as pairs of texts.
fn pairs<D: PayloadCodec<Inputs = ()>>(region: &[u8]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("headers are texts");
    let headers = headers_of::<D>(region, ()).expect("the region can be read");
    let pairs = headers
        .iter()
        .map(|(name, value)| (text(name), text(value)));
    pairs.collect()
}
