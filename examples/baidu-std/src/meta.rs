//! `RpcMeta`, the protobuf message at the front of each body.
//!
//! The fields are those of `baidu_rpc_meta.proto` of Apache brpc (2098dd3), the meaning of their presence that
//! of its `baidu_std.md`.

#[cfg(test)]
mod tests;

use meshwire::{HeaderMap, Record, Text};

/// The message at the front of each body.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf, response(response), request(request))]
pub struct RpcMeta {
    /// There in a call.
    #[record(1)]
    pub request: Option<RpcRequestMeta>,
    /// There in an answer.
    #[record(2)]
    pub response: Option<RpcResponseMeta>,
    /// Pairs an answer with its call.
    #[record(4, id)]
    pub correlation_id: u64,
    /// Headers of the user.
    #[record(9, headers)]
    pub user_fields: HeaderMap,
}

/// What a call says.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct RpcRequestMeta {
    /// Where to route the call.
    #[record(1, header = "service")]
    pub service_name: Text,
    /// What to call there.
    #[record(2, header = "method")]
    pub method_name: Text,
    /// For logs.
    #[record(3, header)]
    pub log_id: Option<i64>,
    /// For traces.
    #[record(7, header)]
    pub request_id: Option<Text>,
    /// Milliseconds; sent with `-baidu_std_protocol_deliver_timeout_ms` only.
    #[record(8, timeout)]
    pub timeout_ms: Option<i32>,
}

/// What an answer says.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct RpcResponseMeta {
    /// 0 is success; otherwise a number of brpc's `errno.proto`, or the service's own.
    #[record(1, status)]
    pub error_code: i32,
    /// What has failed.
    #[record(2, header, reason)]
    pub error_text: Option<Text>,
}
