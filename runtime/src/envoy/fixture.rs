//! A small protocol with everything that the filter looks at, its frames derived by hand from its
//! declaration. The tests of the model of Envoy in `meshwire-testing` have the same file.

use meshwire::{Frame, HeaderMap, Len, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 2), heartbeat(kind = 3))]
pub(crate) struct Ask {
    #[frame(tag(1, 2, 3))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(headers)]
    headers: HeaderMap,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 5))]
pub(crate) struct Answer {
    #[frame(tag(4, 5))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u16,
}

#[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9))]
pub(crate) struct Acme;

/// A frame that asks for `service` and `method`, of this kind.
pub(crate) fn asking(kind: u8, id: u32, service: &str, method: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for text in ["service", service, "method", method] {
        headers.extend_from_slice(&(text.len() as u32).to_be_bytes());
        headers.extend_from_slice(text.as_bytes());
    }
    let length = (headers.len() as u16).to_be_bytes();
    [&[kind][..], &id.to_be_bytes(), &length, &headers].concat()
}

/// A call.
pub(crate) fn ask(id: u32, service: &str, method: &str) -> Vec<u8> {
    asking(1, id, service, method)
}

/// The answer to a call.
pub(crate) fn answer(id: u32, status: u16) -> Vec<u8> {
    [&[4][..], &id.to_be_bytes(), &status.to_be_bytes()].concat()
}

/// A heartbeat and the answer to it.
pub(crate) fn heartbeats(id: u32) -> [Vec<u8>; 2] {
    let heartbeat = [&[3][..], &id.to_be_bytes(), &[0; 2]].concat();
    let ack = [&[5][..], &id.to_be_bytes(), &[0; 2]].concat();
    [heartbeat, ack]
}
