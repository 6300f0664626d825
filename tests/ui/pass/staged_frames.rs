//! Everything that makes a frame more than one header with parts after it, without the prelude and with
//! the runtime under another name.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

struct Option;
struct Result;
struct Vec;
struct String;
struct u64;
struct usize;
struct bool;
trait Default {}
trait From {}

mod core {}
mod std {}

mod vendor {
    pub use ::meshwire as wire;
}

use vendor::wire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use vendor::wire::frame::{FormatError, Template, TextPairs};
use vendor::wire::wire::Checksum;
use vendor::wire::{
    AsciiDecimal, Bytes, Check, Crc32, FixedStr, Frame, HeaderMap, Len, Text, U24, U48, Varint,
    Zigzag, protocol,
};

#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(crate = vendor::wire)]
#[repr(u8)]
enum Codec {
    Json = 12,
    #[frame(other)]
    Other(u8),
}

struct Sum;

impl Checksum for Sum {
    type Value = u16;

    fn of(bytes: &[u8]) -> u16 {
        let bytes = ::std::iter::IntoIterator::into_iter(bytes);
        ::std::iter::Iterator::fold(bytes, 0, |sum, byte| sum ^ *byte as u16)
    }
}

struct Said;

#[derive(::std::clone::Clone, ::std::marker::Copy)]
struct Head {
    mode: u8,
}

impl PayloadCodec for Said {
    type Inputs = Head;

    fn metadata(_: &[u8], _: Head) -> ::std::result::Result<PayloadMetadata, FormatError> {
        ::std::result::Result::Ok(::std::default::Default::default())
    }

    fn rewrite(
        region: &[u8],
        _: Head,
        _: &MetadataEdits<'_>,
        out: &mut ::std::vec::Vec<u8>,
    ) -> ::std::result::Result<(), FormatError> {
        out.extend_from_slice(region);
        ::std::result::Result::Ok(())
    }

    fn template(_: Template, head: Head) -> ::std::option::Option<::std::vec::Vec<u8>> {
        let _ = head.mode;
        ::std::option::Option::Some(::std::vec::Vec::new())
    }
}

/// Ranges, units, bits, checksums, conditions and headers.
#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(
    request,
    heartbeat(mode(2, 3)),
    oneway(kind = 2),
    size = 15,
    max = 4096,
    crate = vendor::wire
)]
struct Ping {
    #[frame(len_of = .., at = 0)]
    total: Len<U24>,
    #[frame(bits = 2, tag(1, 2), header = "kind", read_only)]
    kind: u8,
    #[frame(bits = 6, default = 1)]
    mode: u8,
    #[frame(bits = 12, endian = little)]
    wide: u16,
    #[frame(bits = 4, default = Codec::Json)]
    low: Codec,
    #[frame(over = ..=low)]
    head: Check<Sum>,
    #[frame(len_of = name)]
    name_len: Len<AsciiDecimal<2>>,
    #[frame(len_of = map..=info, unit = 4)]
    map_units: Len<u8>,
    #[frame(len_of = map)]
    map_len: Len<i32>,
    #[frame(header = "name")]
    name: Text,
    #[frame(id)]
    id: U48,
    #[frame(id_copy, endian = little)]
    again: u16,
    #[frame(header = "area")]
    area: FixedStr<4>,
    #[frame(header = "count")]
    count: AsciiDecimal<3>,
    #[frame(when(mode(1, 2), kind = 1), default = Codec::Other(3))]
    codec: Codec,
    #[frame(when(mode(1, 2), kind = 1), bits = 8, magic = 3)]
    mark: u8,
    #[frame(when(mode = 3), tag(4, 5))]
    tag: u8,
    #[frame(headers, timeout_key = "ms", format = TextPairs<'&', '='>)]
    map: HeaderMap,
    info: Bytes,
    #[frame(body)]
    body: Bytes,
    last: FixedStr<2, 0>,
}

/// Integers of variable width in every role that they can have.
#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(
    request,
    response(kind = 2),
    size = 1,
    crate = vendor::wire
)]
struct Varying {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(len_of = seq..)]
    total: Len<Varint<::core::primitive::u64>>,
    #[frame(id)]
    seq: Varint<u32>,
    #[frame(timeout, status)]
    word: Zigzag<i32>,
    #[frame(header = "hop", default = Zigzag::new(-1))]
    hop: vendor::wire::Zigzag<i16>,
    #[frame(header = "area", read_only)]
    area: Varint<u16>,
    #[frame(len_of = name)]
    name_len: Len<Varint<u16>>,
    #[frame(header = "name")]
    name: Text,
    #[frame(len_of = mark..=info, unit = 4)]
    words: Len<Zigzag<i64>>,
    mark: u8,
    info: Bytes,
    #[frame(body)]
    body: Bytes,
    #[frame(over = seq..=body)]
    sum: Check<Sum>,
}

/// One struct for both halves, with an id that is no number.
#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(
    request,
    response(kind(2, 3)),
    heartbeat(kind = 1, body = b"N"),
    heartbeat_ack(kind(2, 3), body(b"N", b"null")),
    crate = vendor::wire
)]
struct Pong {
    #[frame(tag(1, 2, 3))]
    kind: u8,
    #[frame(timeout, status)]
    word: i32,
    #[frame(id)]
    key: [u8; 16],
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(body)]
    body: Bytes,
    #[frame(over = body..=body, when(kind(2, 3)))]
    crc: Check<Crc32>,
}

/// A part that says it all.
#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(crate = vendor::wire)]
struct WithPayload {
    mode: u8,
    #[frame(len_of = said)]
    said_len: Len<u16>,
    #[frame(with = Said, inputs(mode), kind, id, timeout, status, headers, body)]
    said: Bytes,
}

#[protocol(
    name = "x-ping",
    frames(Ping, Varying, Pong, WithPayload),
    status(200 => 12, _ => 3),
    crate = vendor::wire
)]
struct Pinger;

fn main() {}
