//! The suite passes protocols that are little like bolt.

mod broken;
mod covered;
mod ending;
mod payload;
mod shown;
mod silent;
mod traced;
mod varying;

use meshwire::{Bytes, Frame, HeaderMap, Len, Text, protocol};

/// How a call ended.
#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(u16)]
pub(crate) enum OddStatus {
    /// Well.
    Fine = 0x4f4b,
    /// Not well.
    Sorry = 0x4e4f,
}

/// Little-endian, an id of one byte, signed lengths, a name after the body.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, endian = little, oneway(flags = 0x8000), max = 4096)]
pub(crate) struct OddCall {
    #[frame(magic = *b"OD")]
    magic: [u8; 2],
    #[frame(tag = b'c')]
    kind: u8,
    #[frame(id)]
    id: u8,
    flags: u16,
    #[frame(len_of = body)]
    body_len: Len<i32>,
    #[frame(len_of = headers, endian = big)]
    headers_len: Len<i16>,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    #[frame(body, max = 1024)]
    body: Bytes,
    #[frame(headers)]
    headers: HeaderMap,
    name: Text,
}

/// A status of codes, and a trace of sixteen bytes.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, endian = little)]
pub(crate) struct OddAnswer {
    #[frame(magic = *b"OD")]
    magic: [u8; 2],
    #[frame(tag = b'a')]
    kind: u8,
    #[frame(id)]
    id: u8,
    #[frame(status, default = OddStatus::Fine)]
    outcome: OddStatus,
    trace: [u8; 16],
    #[frame(len_of = body)]
    body_len: Len<u64>,
    #[frame(body)]
    body: Bytes,
}

/// No heartbeats, and bodies that no host sees.
#[protocol(
    name = "x-odd",
    frames(OddCall, OddAnswer),
    status(200 => OddStatus::Fine, _ => OddStatus::Sorry),
    keep_alive = none,
    body = hidden
)]
pub(crate) struct Odd;

mod odd {
    crate::conformance!(super::Odd, "src/conformance/tests/odd", allocator = none);
}

const ASK: u8 = 1;
const NOTIFY: u8 = ASK + 1;

/// Nothing but a fixed part.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(urgent = 9), endian = little)]
pub(crate) struct BareAsk {
    #[frame(tag(ASK, 7))]
    kind: u8,
    urgent: i8,
    #[frame(timeout)]
    timeout: i16,
    #[frame(id)]
    id: u64,
}

/// Nothing but an id after a tag.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 3), endian = little)]
pub(crate) struct BareTell {
    #[frame(tag(NOTIFY, 3))]
    kind: u8,
    #[frame(id)]
    id: u64,
}

/// No magic, no parts, no status.
#[protocol(name = "x-bare", frames(BareAsk, BareTell), status(_ => 0), pool = ping_pong)]
pub(crate) struct Bare;

mod bare {
    crate::conformance!(super::Bare, "src/conformance/tests/bare", allocator = none);
}
