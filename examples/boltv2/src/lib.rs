//! bolt v2, with the checksums that MOSN's own codec cannot read, and bolt v1 on the same connection.
//!
//! The README of this folder draws the layout.

use bolt::{BoltRequest, BoltResponse};
use meshwire::{Bytes, Check, Crc32, Frame, HeaderMap, Len, Text, protocol};

/// A request of bolt v2.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(cmd_type = 2), heartbeat(cmd_code = 0), size = 24)]
pub struct BoltV2Request {
    /// Selects this version among those of a connection.
    #[frame(magic = 2)]
    pub proto: u8,
    /// 1 is as v1, 2 may have a checksum.
    #[frame(default = 1)]
    pub version: u8,
    /// 1 expects a response, 2 does not.
    #[frame(tag(1, 2))]
    pub cmd_type: u8,
    /// 0 heartbeat, 1 call.
    #[frame(default = 1)]
    pub cmd_code: u16,
    /// Version of the command.
    #[frame(default = 1)]
    pub cmd_version: u8,
    /// Pairs request and response.
    #[frame(id, at = 6)]
    pub request_id: u32,
    /// How the content is serialised: 1 hessian2, 2 Java, 11 protobuf, 12 JSON.
    #[frame(default = 1)]
    pub codec: u8,
    /// Switches without a meaning yet.
    #[frame(bits = 7)]
    pub switches: u8,
    /// Whether a checksum ends the frame.
    #[frame(bits = 1)]
    pub crc: u8,
    /// Milliseconds the caller waits; negative: without end.
    #[frame(timeout, default = -1)]
    pub timeout: i32,
    #[frame(len_of = class)]
    class_len: Len<u16>,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = content)]
    content_len: Len<u32>,
    /// Java class of the content.
    pub class: Text,
    /// Where to route the call; `service` by convention.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// The call.
    #[frame(body)]
    pub content: Bytes,
    #[frame(over = ..=content, when(version = 2, crc = 1))]
    checksum: Check<Crc32>,
}

/// A response of bolt v2.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(cmd_code = 0), size = 22)]
pub struct BoltV2Response {
    /// Selects this version among those of a connection.
    #[frame(magic = 2)]
    pub proto: u8,
    /// 1 is as v1, 2 may have a checksum.
    #[frame(default = 1)]
    pub version: u8,
    /// 0: a response.
    #[frame(tag = 0)]
    pub cmd_type: u8,
    /// 0 heartbeat, 2 result of a call.
    #[frame(default = 2)]
    pub cmd_code: u16,
    /// Version of the command.
    #[frame(default = 1)]
    pub cmd_version: u8,
    /// Pairs request and response.
    #[frame(id, at = 6)]
    pub request_id: u32,
    /// How the content is serialised.
    #[frame(default = 1)]
    pub codec: u8,
    /// Switches without a meaning yet.
    #[frame(bits = 7)]
    pub switches: u8,
    /// Whether a checksum ends the frame.
    #[frame(bits = 1)]
    pub crc: u8,
    /// How the call ended; 0 is success.
    #[frame(status)]
    pub status: u16,
    #[frame(len_of = class)]
    class_len: Len<u16>,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = content)]
    content_len: Len<u32>,
    /// Java class of the content.
    pub class: Text,
    /// Metadata of the result.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// The result.
    #[frame(body)]
    pub content: Bytes,
    #[frame(over = ..=content, when(version = 2, crc = 1))]
    checksum: Check<Crc32>,
}

/// Both versions of bolt, frame by frame.
#[protocol(
    name = "x-boltv2",
    frames(BoltV2Request, BoltV2Response, BoltRequest, BoltResponse),
    status(200 => 0, 404 => 6, 502 => 6, 503 => 4, 504 => 7, 403 => 2, 0 => 9, 3 => 18, _ => 3),
    service("service", "sofa_head_target_service"),
    method("method", "sofa_head_method_name")
)]
pub struct BoltV2;
