//! A small protocol with names to count and to deny calls by, its frames derived by hand from its declaration.

use meshwire::{Frame, HeaderMap, Len, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(kind = 3))]
pub(super) struct Ask {
    #[frame(tag(1, 3))]
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
pub(super) struct Answer {
    #[frame(tag(4, 5))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u16,
}

#[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9))]
pub(super) struct Acme;

/// A call of `method` of `service`.
pub(super) fn ask(id: u32, service: &str, method: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for text in ["service", service, "method", method] {
        headers.extend_from_slice(&(text.len() as u32).to_be_bytes());
        headers.extend_from_slice(text.as_bytes());
    }
    let length = (headers.len() as u16).to_be_bytes();
    [b"\x01", &id.to_be_bytes()[..], &length, &headers].concat()
}

/// The answer to a call.
pub(super) fn answer(id: u32, status: u16) -> Vec<u8> {
    [b"\x04", &id.to_be_bytes()[..], &status.to_be_bytes()].concat()
}

/// A heartbeat and the answer to it.
pub(super) fn heartbeats(id: u32) -> [Vec<u8>; 2] {
    [3, 5].map(|kind| [&[kind][..], &id.to_be_bytes(), &[0; 2]].concat())
}
