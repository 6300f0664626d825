//! Integers of variable width in every role.

use crate::conformance;
use meshwire::{Bytes, Frame, Len, Text, Varint, Zigzag, protocol};

/// No length says how long the frame is.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 3), max = 4096)]
pub(crate) struct VaryingAsk {
    #[frame(tag(1, 3))]
    kind: u8,
    #[frame(id)]
    id: Varint<u32>,
    #[frame(timeout)]
    timeout: Zigzag<i32>,
    #[frame(header = "hops")]
    hops: Varint<u16>,
    #[frame(len_of = name)]
    name_len: Len<Varint<u16>>,
    #[frame(header = "name")]
    name: Text,
    #[frame(len_of = body)]
    body_len: Len<Zigzag<i64>>,
    #[frame(body)]
    body: Bytes,
}

/// One length covers everything, as in MQTT.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, max = 4096)]
pub(crate) struct VaryingAnswer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(len_of = id..)]
    remaining: Len<Varint<u32>>,
    #[frame(id)]
    id: Varint<u64>,
    #[frame(status)]
    status: Zigzag<i16>,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-varying", frames(VaryingAsk, VaryingAnswer), status(200 => 0, _ => -70), keep_alive = none)]
pub(crate) struct Varying;

conformance!(Varying, "src/conformance/tests/varying", allocator = none);
