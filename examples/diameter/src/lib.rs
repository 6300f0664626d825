//! Diameter, of RFC 6733.
//!
//! The README of this folder draws the layout.

use meshwire::{
    Bytes, Frame, Hijacker, HostStatus, KeepAlive, Len, Protocol as _, ProtocolContext, Record,
    Text, U24, protocol,
};

/// A message: a request, or the answer to one.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(request = 0),
    heartbeat(command = 280),
    heartbeat_ack(request = 0, command = 280)
)]
pub struct Message {
    /// The version of the protocol.
    #[frame(magic = 1)]
    pub version: u8,
    #[frame(len_of = ..)]
    length: Len<U24>,
    /// The R bit.
    #[frame(bits = 1, default = 1)]
    pub request: u8,
    /// The P bit: agents may pass it on.
    #[frame(bits = 1, echo)]
    pub proxiable: u8,
    /// The E bit: the answer reports an error of the protocol.
    #[frame(bits = 1)]
    pub error: u8,
    /// The T bit: it may have been sent before.
    #[frame(bits = 1)]
    pub retransmitted: u8,
    /// Without a meaning so far.
    #[frame(bits = 4)]
    pub reserved: u8,
    /// What is asked for, or answered.
    #[frame(echo, header = "command", read_only)]
    pub command: U24,
    /// The application that the command is of.
    #[frame(echo, header = "application", read_only)]
    pub application: u32,
    /// Pairs request and answer on a connection.
    #[frame(id)]
    pub hop_by_hop: u32,
    /// Finds duplicates, from end to end.
    #[frame(echo)]
    pub end_to_end: u32,
    /// Attribute-value pairs.
    #[frame(with = Avps, status, headers, reason)]
    pub avps: Bytes,
}

/// An attribute-value pair, as section 4.1 of RFC 6733 draws it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(entry, pad = 4)]
pub struct Avp {
    /// What the value is, by the number of the attribute.
    #[frame(key)]
    pub code: u32,
    /// The V bit: the attribute is a vendor's.
    #[frame(bits = 1)]
    pub vendor_specific: u8,
    /// The M bit: a peer that does not know the attribute refuses the message.
    #[frame(bits = 1, default = 1)]
    pub mandatory: u8,
    /// The P bit.
    #[frame(bits = 1)]
    pub protected: u8,
    /// Without a meaning so far.
    #[frame(bits = 5)]
    pub reserved: u8,
    #[frame(len_of = ..)]
    length: Len<U24>,
    /// The vendor, if the attribute is one's.
    #[frame(key, when(vendor_specific = 1))]
    pub vendor: u32,
    /// The value.
    #[frame(value)]
    pub data: Bytes,
}

/// What hosts ask for: attributes of the base protocol.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(entry = Avp)]
pub struct Avps {
    /// The session that the message belongs to. It comes first.
    #[record(263, header, echo)]
    pub session_id: Option<Text>,
    /// How the request ended, in a number of the base protocol.
    #[record(268, status)]
    pub result_code: Option<u32>,
    /// Who has made the message.
    #[record(264, header, default = "meshwire.local")]
    pub origin_host: Text,
    /// The realm of who has made it.
    #[record(296, header, default = "local")]
    pub origin_realm: Text,
    /// The host that it is for.
    #[record(293, header)]
    pub destination_host: Option<Text>,
    /// The realm that it is for.
    #[record(283, header)]
    pub destination_realm: Option<Text>,
    /// How the request ended, in a number of a vendor.
    #[record(297)]
    pub experimental_result: Option<ExperimentalResult>,
    /// The hosts that have passed it on.
    #[record(282, header = "route_record")]
    pub route_records: Vec<Text>,
    /// Why a request has failed, for people.
    #[record(281, mandatory = 0, header, reason)]
    pub error_message: Option<Text>,
}

/// How a request ended, in a number of a vendor.
#[derive(Record, Clone, Debug, PartialEq)]
pub struct ExperimentalResult {
    /// The vendor.
    #[record(266)]
    pub vendor_id: u32,
    /// Its number.
    #[record(298, status)]
    pub result_code: u32,
}

/// Diameter. The numbers are those of section 7.1 of RFC 6733.
#[protocol(
    name = "x-diameter",
    frames(Message),
    keep_alive = custom,
    hijacker = custom,
    service("destination_realm"),
    method("command"),
    pool = tcp,
    status(200 => 2001, 403 => 5003, 404 => 3002, 502 => 3002, 503 => 3004, 504 => 3002, 509 => 3004, _ => 5012)
)]
pub struct Diameter;

impl Hijacker for Diameter {
    /// Errors of the protocol, 3xxx, have the E bit.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &DiameterView<'_>,
        reason: HostStatus,
    ) -> Option<DiameterFrame> {
        let DiameterFrame::Message(mut answer) = Self::default_answer(context, request, reason)?;
        answer.error = (Self::status(reason) / 1000 == 3).into();
        Some(DiameterFrame::Message(answer))
    }
}

impl KeepAlive for Diameter {
    /// A Device-Watchdog-Answer has a Result-Code, as all answers have.
    fn reply(
        context: &ProtocolContext<'_, Self>,
        watchdog: &DiameterView<'_>,
    ) -> Option<DiameterFrame> {
        Self::hijack(context, watchdog, HostStatus::OK)
    }
}
