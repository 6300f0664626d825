//! The header as JSON, serialize type 0.
//!
//! The members are those of RocketMQ's `RemotingCommand` (5.3.4-SNAPSHOT), which a JSON library writes
//! field by field.

#[cfg(test)]
mod tests;

use meshwire::{HeaderMap, Record, Text};

/// The header region where the frame says that it is JSON: one object.
///
/// A heartbeat of RocketMQ (request code 34) is a call like any other: it carries what the client consumes and
/// produces, so only the broker can answer it.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(json, request, response(is_response = 1), oneway(is_oneway = 1))]
pub struct RemotingCommand {
    /// What to do, or how it ended: the number by which brokers and routers tell calls apart.
    #[record(status, header)]
    pub code: i32,
    /// Of the peer.
    #[record(default = "OTHER")]
    pub language: Text,
    /// Of the peer; the mesh has no version of its own.
    #[record(echo)]
    pub version: i32,
    /// Pairs request and response.
    #[record(id, required)]
    pub opaque: i32,
    /// Flags without a meaning yet.
    #[record("flag", bits = 30)]
    pub flags: u32,
    /// Whether nobody answers.
    #[record(bits = 1)]
    pub is_oneway: u8,
    /// Whether it is an answer.
    #[record(bits = 1)]
    pub is_response: u8,
    /// Why it failed.
    #[record(header, reason)]
    pub remark: Text,
    /// What belongs to the code.
    #[record("extFields", headers)]
    pub ext_fields: Option<HeaderMap>,
    /// How the header is written.
    #[record("serializeTypeCurrentRPC", default = "JSON")]
    pub serialize_type: Text,
}
