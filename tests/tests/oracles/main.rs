//! Records and frames against libraries of their encodings: what a library has written means the same here, and a
//! library reads what was written again here, with what was changed and nothing else.
//!
//! | encoding | library |
//! | --- | --- |
//! | protocol buffers | `prost` |
//! | JSON | `serde_json` |
//! | XML | `quick-xml` |
//! | tags, lengths and values; SMPP | `rusmpp-core` |
//! | SOME/IP | `someip_parse` |
//!
//! Others have no library to be held to. The crate `diameter` brings a TLS library of the system and an async runtime,
//! only to read a message. `tars-stream` (JCE) is of 2018, `iso8583` of 2017, and `iso8583-core` is at 0.1.0.
//! `kafka-protocol` is generated for every message of Kafka, of which the plugin reads the head. Theirs are the libraries
//! of `tests/peers`, which have made vectors or speak through the plugins: python-diameter, `@tars/rpc`, pyiso8583,
//! franz-go and kafka-python.

mod json;
mod protobuf;
mod smpp;
mod someip;
mod xml;

use meshwire::HeaderMap;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire_testing::conformance::headers_of;
use proptest::test_runner::{Config as ProptestConfig, RngSeed};

/// The same values in each run.
fn repeatable() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(14),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

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
