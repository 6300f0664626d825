//! Headers that are fields, and nothing but fields.

use crate::conformance;
use meshwire::{Bytes, Frame, Len, Text, protocol};

/// A number, one that stays, and a text.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub(crate) struct ShownAsk {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: u8,
    #[frame(header = "hops")]
    hops: u8,
    #[frame(header = "peer", read_only)]
    peer: u16,
    #[frame(len_of = method)]
    method_len: Len<u8>,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(header = "method")]
    method: Text,
    #[frame(body)]
    body: Bytes,
}

/// Nothing that can be changed.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub(crate) struct ShownAnswer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: u8,
    #[frame(header = "peer", read_only)]
    peer: u16,
}

#[protocol(name = "x-shown", frames(ShownAsk, ShownAnswer), status(_ => 0), keep_alive = none)]
pub(crate) struct Shown;

conformance!(Shown, "src/conformance/tests/shown", allocator = none);
