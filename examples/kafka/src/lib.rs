//! Kafka's wire protocol, whose answers only their sender tells from requests: for Envoy.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, Len, Text, protocol};

/// A request of a client.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 14, max = 0x640_0004)]
pub struct Request {
    #[frame(len_of = api_key..)]
    size: Len<i32>,
    /// What is asked: 0 produce, 1 fetch, 3 metadata, 18 versions, …
    #[frame(tag(0..=0x3ff), header = "api", read_only)]
    pub api_key: u16,
    /// The version of the request.
    #[frame(header = "api_version", read_only)]
    pub api_version: u16,
    /// The answer repeats it.
    #[frame(id)]
    pub correlation_id: u32,
    #[frame(len_of = client_id, null = -1)]
    client_id_len: Len<i16>,
    /// The name of the client, which quotas of a broker are by; it need not have one.
    #[frame(header = "client_id", max = 0x7fff)]
    pub client_id: Option<Text>,
    /// Tagged fields in newer versions, and what is asked.
    #[frame(body)]
    pub content: Bytes,
}

/// The answer of a broker.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, from = server, size = 8, max = 0x640_0004)]
pub struct Response {
    #[frame(len_of = correlation_id..)]
    size: Len<i32>,
    /// That of its request.
    #[frame(id)]
    pub correlation_id: u32,
    /// In the version that was asked for.
    #[frame(body)]
    pub content: Bytes,
}

/// Kafka. What a failure looks like differs from request to request, and from version to version, so the mesh has no
/// answers.
#[protocol(
    name = "x-kafka",
    frames(Request, Response),
    keep_alive = none,
    hijacker = none,
    service("api"),
    method()
)]
pub struct Kafka;
