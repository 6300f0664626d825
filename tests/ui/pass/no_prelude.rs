//! Expansions bring their own names: no prelude, and the names of the prelude taken.

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

use ::meshwire::{Bytes, Frame, HeaderMap, Len, Text, protocol};

#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[repr(u8)]
enum Codec {
    Json = 12,
    #[frame(other)]
    Other(u8),
}

#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(request, heartbeat(flag = 1), oneway(kind = 2), size = 22, max = 4096)]
struct Ping {
    #[frame(magic = [0xda, 0xbb])]
    mark: [u8; 2],
    #[frame(tag(1, 2))]
    kind: u8,
    flag: u8,
    #[frame(default = Codec::Json)]
    codec: Codec,
    #[frame(default = Codec::Other(3))]
    checked: Codec,
    #[frame(id, at = 6, endian = little)]
    id: u32,
    #[frame(timeout, default = -1)]
    timeout: i32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<i32>,
    name: Text,
    #[frame(headers)]
    headers: HeaderMap,
    #[frame(body, max = 1024)]
    body: Bytes,
}

#[derive(Frame, ::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[frame(response, heartbeat(flag = 1))]
struct Pong {
    #[frame(magic = [0xda, 0xbb])]
    mark: [u8; 2],
    #[frame(tag = 3)]
    kind: u8,
    flag: u8,
    #[frame(id)]
    id: u32,
    #[frame(status, default = Codec::Json)]
    status: Codec,
}

#[protocol(name = "x-ping", frames(Ping, Pong), status(200 => 12, _ => 3), pool = ping_pong, body = hidden)]
struct Pinger;

fn main() {}
