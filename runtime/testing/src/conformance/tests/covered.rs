//! A length over the front of a frame, with fields after what it covers.

use crate::conformance;
use meshwire::{Bytes, Frame, Len, protocol};

/// Of both halves, with a trailer, and with more of it in answers.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2), max = 4096)]
pub(crate) struct Covered {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..=body)]
    length: Len<u32>,
    #[frame(body)]
    body: Bytes,
    #[frame(when(kind = 2))]
    code: u16,
    #[frame(len_of = trace)]
    trace_len: Len<u8>,
    trace: Bytes,
    #[frame(magic = 0xce)]
    end: u8,
}

/// A part with a limit of its own in a length that does not cover everything.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, max = 4096)]
pub(crate) struct Noted {
    #[frame(tag = 3)]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..=note)]
    length: Len<u16>,
    #[frame(max = 16)]
    note: Bytes,
    code: u16,
}

#[protocol(name = "x-covered", frames(Covered, Noted), status(_ => 1), keep_alive = none)]
pub(crate) struct Covers;

conformance!(Covers, "src/conformance/tests/covered", allocator = none);
