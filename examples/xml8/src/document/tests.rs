mod reading;
mod writing;

use meshwire::HeaderMap;
use meshwire::command::PayloadCodec;
use meshwire_testing::conformance::headers_of;
use meshwire_testing::vectors::Vector;

use super::Service;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the document: its length in digits.
const FRONT: usize = 8;

/// The document of a good vector.
fn document(name: &str) -> Vec<u8> {
    let vector = Vector::read(format!("{VECTORS}/{name}.hex")).unwrap();
    vector.bytes[FRONT..].to_vec()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<Service>(region, ()).unwrap()
}

fn body(region: &[u8]) -> &str {
    text(&region[Service::metadata(region, ()).unwrap().body])
}

/// A call with these elements in its header.
fn call(elements: &str) -> String {
    format!(
        "<Service><Header><RequestType>0</RequestType><ExternalReference>1</ExternalReference>{elements}</Header></Service>"
    )
}

/// An answer with these elements in its header.
fn answer(elements: &str) -> String {
    call(elements).replace("<RequestType>0", "<RequestType>1")
}
