//! SOME/IP over TCP, the service protocol of cars.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, Len, protocol};

/// A message between a client and a service.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind(0x80, 0x81, 2)),
    oneway(kind = 1),
    verbatim(kind = 2),
    size = 16
)]
pub struct Message {
    /// The service; 0xffff is that of magic cookies.
    #[frame(tag(not(0xffff)), echo, header = "service", read_only)]
    pub service: u16,
    /// The method, or the event of a notification.
    #[frame(echo, header = "method", read_only)]
    pub method: u16,
    #[frame(len_of = request_id..)]
    length: Len<u32>,
    /// The client and its session: answers repeat both.
    #[frame(id)]
    pub request_id: u32,
    /// Version of this header.
    #[frame(tag = 1)]
    pub protocol_version: u8,
    /// Major version of the service.
    #[frame(echo)]
    pub interface_version: u8,
    /// 0 call, 1 call without answer, 2 notification, 0x80 answer, 0x81 error.
    #[frame(tag(0, 1, 2, 0x80, 0x81))]
    pub kind: u8,
    /// How the call ended; 0 is success.
    #[frame(status)]
    pub return_code: u8,
    /// Arguments or results, serialised as the service is described.
    #[frame(body)]
    pub payload: Bytes,
}

/// A magic cookie, by which a peer finds the next message in a stream that it has lost.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2), verbatim(service = 0xffff), size = 16)]
pub struct Cookie {
    /// No service.
    #[frame(tag = 0xffff)]
    pub service: u16,
    /// 0 of a client, 0x8000 of a service.
    pub method: u16,
    #[frame(len_of = request_id..)]
    length: Len<u32>,
    /// 0xdeadbeef.
    #[frame(id)]
    pub request_id: u32,
    /// Version of this header.
    #[frame(tag = 1)]
    pub protocol_version: u8,
    /// 1.
    pub interface_version: u8,
    /// 1 of a client, 2 of a service.
    #[frame(tag(1, 2))]
    pub kind: u8,
    /// 0.
    pub return_code: u8,
}

/// SOME/IP.
#[protocol(
    name = "x-someip",
    frames(Message, Cookie),
    keep_alive = none,
    status(200 => 0, 404 => 2, 502 => 5, 503 => 4, 504 => 6, 509 => 4, 0 => 9, 3 => 9, _ => 1)
)]
pub struct SomeIp;
