//! The packets of `RequestF.tars`.

use meshwire::{Bytes, HeaderMap, Record, Text};

/// A tars packet: what is after the length of a frame. The type of tag 5 distinguishes the two: a string in a request, an
/// integer in a response.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(jce)]
pub enum Packet {
    /// A call, or in TUP the answer to one.
    Request(RequestPacket),
    /// An answer.
    Response(ResponsePacket),
}

/// A call.
///
/// A server of TUP (`iVersion` 2 or 3) answers in this layout too. It is a response if there is a result code in its
/// `status`, as node servers and failures of C++ servers have it, or if it names neither servant nor function, as of Go
/// servers. The answers of C++ servers to calls that went well repeat both names and have no code: nothing
/// distinguishes them from requests.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(
    response(version(2, 3), status.code),
    response(version(2, 3), servant = "", function = ""),
    oneway(packet_type = 1),
    request
)]
pub struct RequestPacket {
    /// 1 of tars, 2 and 3 of TUP, 5 of JSON.
    #[record(1, default = 1, echo)]
    pub version: i16,
    /// 1 of a call without an answer.
    #[record(2)]
    pub packet_type: i8,
    /// Bits of what the call has besides.
    #[record(3, echo)]
    pub message_type: i32,
    /// Pairs an answer with its call.
    #[record(4, id, required)]
    pub request_id: i32,
    /// Where to route the call.
    #[record(5, tag, header = "service", echo)]
    pub servant: Text,
    /// What to call there.
    #[record(6, header = "method", echo)]
    pub function: Text,
    /// The arguments. In TUP they are a map, whose form without any is what its callers want to find in every answer.
    #[record(7, body, default = b"\x08\x0c")]
    pub buffer: Bytes,
    /// Milliseconds.
    #[record(8, timeout)]
    pub timeout: i32,
    /// Headers of the user.
    #[record(9, headers)]
    pub context: HeaderMap,
    /// What TARS itself passes on.
    #[record(10)]
    pub status: TupStatus,
}

/// How a call of TUP ended (`ServantProxy.cpp` of `TarsCpp`).
#[derive(Record, Clone, Debug, PartialEq)]
pub struct TupStatus {
    /// 0 is success.
    #[record("STATUS_RESULT_CODE", status)]
    pub code: Option<i64>,
    /// What has failed.
    #[record("STATUS_RESULT_DESC", reason)]
    pub description: Option<Text>,
}

/// An answer.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
pub struct ResponsePacket {
    /// That of the call.
    #[record(1, default = 1, echo)]
    pub version: i16,
    /// That of the call, where servers repeat it.
    #[record(2)]
    pub packet_type: i8,
    /// Pairs an answer with its call.
    #[record(3, id, required)]
    pub request_id: i32,
    /// That of the call.
    #[record(4, echo)]
    pub message_type: i32,
    /// 0 is success; otherwise a number of `BaseF.tars`, or the service's own.
    #[record(5, tag, status)]
    pub ret: i32,
    /// The result.
    #[record(6, body)]
    pub buffer: Bytes,
    /// What TARS itself passes on.
    #[record(7)]
    pub status: HeaderMap,
    /// What has failed.
    #[record(8, reason)]
    pub result_desc: Option<Text>,
    /// Headers of the user.
    #[record(9, headers)]
    pub context: HeaderMap,
}
