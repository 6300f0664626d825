//! The document after the length: `<Service><Header>…</Header><Body>…</Body></Service>`.
//!
//! Its elements are those of the `xr` codec in mosn/extensions (`go-plugin/pkg/protocol/xr` at cb294c3),
//! which represents the protocols of many banks.

#[cfg(test)]
mod tests;

use meshwire::{Bytes, HeaderMap, Record, Text};

/// The document. There are no heartbeats and no one-way calls.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(xml("Service"), request, response(header.request_type = 1), echo)]
pub struct Service {
    /// What the call is.
    #[record("Header")]
    pub header: Header,
    /// What the callee reads, markup and all.
    #[record("Body", body)]
    pub body: Bytes,
}

/// The document has no place for a timeout. The `xr` codec says 10 s, or 60 s in another of its versions, which is the
/// business of a route.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct Header {
    /// Of an answer, where the `xr` codec writes it.
    #[record("Response")]
    pub response: Option<Response>,
    /// The same without a `Response`.
    #[record("ReturnCode", status(other = -1))]
    pub return_code: Option<i64>,
    /// Pairs call and answer. The `xr` codec puts `ChannelId` before it, since it sends the reference on as it came, and
    /// two channels may have the same; the id that the host writes needs no more than these bytes.
    #[record("ExternalReference", id, default = "0")]
    pub reference: Text,
    /// 0 is a call, 1 an answer.
    #[record("RequestType", required, tag(0, 1))]
    pub request_type: u8,
    /// What routes match on.
    #[record("ServiceCode", header = "service")]
    pub service: Option<Text>,
    /// All others.
    #[record(rest, headers)]
    pub others: HeaderMap,
}

/// How a call ended.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct Response {
    /// 0 is success, and so is an absent code. Some banks' are no numbers.
    #[record("ReturnCode", status(other = -1))]
    pub return_code: i64,
    /// In words.
    #[record("ReturnMessage", reason)]
    pub message: Option<Text>,
}
