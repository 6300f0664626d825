//! Bolt v1, the RPC protocol of the SOFA stack.
//!
//! The layout is that of `sofa-bolt` 1.6.12 (`RpcCommandEncoder`), which MOSN's own codec shares.
//! The README of this folder draws it.

use meshwire::{Bytes, Frame, HeaderMap, Len, Text};

/// A request: a call, a one-way call or a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(cmd_type = 2), heartbeat(cmd_code = 0), size = 22)]
pub struct BoltRequest {
    /// Selects bolt v1 among the protocols of a connection.
    #[frame(magic = 1)]
    pub proto: u8,
    /// 1 call, 2 one-way call.
    #[frame(tag(1, 2))]
    pub cmd_type: u8,
    /// 0 heartbeat, 1 call.
    #[frame(default = 1)]
    pub cmd_code: u16,
    /// Version of the command layout.
    #[frame(default = 1)]
    pub version: u8,
    /// Pairs the request with its response.
    #[frame(id, at = 5)]
    pub request_id: u32,
    /// How the body is serialised: 1 hessian2, 2 java, 11 protobuf, 12 json.
    #[frame(default = 1)]
    pub codec: u8,
    /// Milliseconds; −1 is "no timeout", the default of Java clients.
    #[frame(timeout, default = -1)]
    pub timeout: i32,
    #[frame(len_of = class)]
    class_len: Len<u16>,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    /// Name of the class that the body holds.
    pub class: Text,
    /// Where to route the call; `service` by convention.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// The serialised call.
    #[frame(body)]
    pub body: Bytes,
}

/// A response: the end of a call, or the answer to a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(cmd_code = 0), size = 20)]
pub struct BoltResponse {
    /// Selects bolt v1 among the protocols of a connection.
    #[frame(magic = 1)]
    pub proto: u8,
    /// 0 response.
    #[frame(tag = 0)]
    pub cmd_type: u8,
    /// 0 heartbeat, 2 answer to a call.
    #[frame(default = 2)]
    pub cmd_code: u16,
    /// Version of the command layout.
    #[frame(default = 1)]
    pub version: u8,
    /// The id of the request.
    #[frame(id, at = 5)]
    pub request_id: u32,
    /// How the body is serialised: 1 hessian2, 2 java, 11 protobuf, 12 json.
    #[frame(default = 1)]
    pub codec: u8,
    /// 0 success, 3 unknown error, 4 threads busy, 6 no processor, 7 timeout, …
    #[frame(status)]
    pub status: u16,
    #[frame(len_of = class)]
    class_len: Len<u16>,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    /// Name of the class that the body holds.
    pub class: Text,
    /// What the server says beside the result.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// The serialised result.
    #[frame(body)]
    pub body: Bytes,
}

/// The protocol, under the name that MOSN's configuration uses for it.
#[cfg(feature = "plugin")]
#[meshwire::protocol(
    name = "x-bolt",
    frames(BoltRequest, BoltResponse),
    status(200 => 0, 404 => 6, 502 => 6, 503 => 4, 504 => 7, 403 => 2, 0 => 9, 3 => 18, _ => 3),
    service("service", "sofa_head_target_service"),
    method("method", "sofa_head_method_name")
)]
pub struct Bolt;
