//! The heads of `trpc.proto`.

use meshwire::{HeaderMap, Record, Text};

/// The head of a unary frame. Fields 7 to 9 are of other types in the other message, and `func` is in every call.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf)]
pub enum Head {
    /// A call.
    Request(RequestProtocol),
    /// An answer.
    Response(ResponseProtocol),
}

/// A call.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(request, oneway(call_type = 1))]
pub struct RequestProtocol {
    /// `TRPC_UNARY_CALL`, or 1, `TRPC_ONEWAY_CALL`.
    #[record(2, echo)]
    pub call_type: Option<u32>,
    /// Pairs an answer with its call.
    #[record(3, id)]
    pub request_id: u32,
    /// Milliseconds.
    #[record(4, timeout)]
    pub timeout: Option<u32>,
    /// Who calls.
    #[record(5, header)]
    pub caller: Option<Text>,
    /// Where to route the call: `trpc.app.server.service`.
    #[record(6, header = "service")]
    pub callee: Text,
    /// What to call there: `/package.Service/Method`.
    #[record(7, tag, header = "method")]
    pub func: Text,
    /// Headers of the framework and of the user.
    #[record(9, headers)]
    pub trans_info: HeaderMap,
}

/// An answer.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
pub struct ResponseProtocol {
    /// That of the call.
    #[record(2, echo)]
    pub call_type: Option<u32>,
    /// Pairs an answer with its call.
    #[record(3, id)]
    pub request_id: u32,
    /// How the framework has dealt with the call; 0 is success.
    #[record(4, status)]
    pub ret: i32,
    /// How the function has ended.
    #[record(5, header)]
    pub func_ret: Option<i32>,
    /// What has failed.
    #[record(6, header, reason)]
    pub error_msg: Option<Text>,
    /// Headers of the framework and of the user.
    #[record(8, headers)]
    pub trans_info: HeaderMap,
}
