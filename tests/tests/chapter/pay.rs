//! The pay protocol: ten fixed bytes, a message of protocol buffers, a body.

use meshwire::{Bytes, Frame, HeaderMap, Len, Record, Text, protocol};

/// A call, or the answer to one: the meta says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 10)]
pub struct Message {
    #[frame(magic = *b"PAY1")]
    pub magic: [u8; 4],
    #[frame(len_of = meta)]
    meta_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    #[frame(with = Meta, kind, id, timeout, status, headers, reason)]
    pub meta: Bytes,
    #[frame(body)]
    pub body: Bytes,
}

/// `message Meta`. A message with an outcome is an answer.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf, response(outcome), request)]
pub struct Meta {
    #[record(1, id)]
    pub id: u64,
    #[record(2)]
    pub target: Option<Target>,
    #[record(3)]
    pub outcome: Option<Outcome>,
    #[record(4, headers)]
    pub tags: HeaderMap,
}

/// `message Target`, in a call.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct Target {
    #[record(1, header)]
    pub service: Text,
    #[record(2, header)]
    pub method: Text,
    #[record(3, timeout)]
    pub timeout_ms: Option<i32>,
}

/// `message Outcome`, in an answer.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct Outcome {
    #[record(1, status)]
    pub code: i32,
    #[record(2, header, reason)]
    pub text: Option<Text>,
}

#[protocol(
    name = "x-pay",
    frames(Message),
    keep_alive = none,
    service("service"),
    method("method"),
    status(200 => 0, 404 => 5, 504 => 4, _ => 13)
)]
pub struct Pay;
