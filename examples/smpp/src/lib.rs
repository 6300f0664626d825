//! SMPP 3.4, of the SMS Forum.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, Hijacker, HostStatus, Len, ProtocolContext, Record, Text, protocol};

/// Any PDU but those that carry a short message, and the answers to these.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(answer = 1),
    heartbeat(command = 0x15),
    heartbeat_ack(answer = 1, command = 0x15),
    oneway(command(0x0b, 0x102)),
    size = 16
)]
pub struct Pdu {
    #[frame(len_of = ..)]
    command_length: Len<u32>,
    /// Bit 31 of the `command_id`.
    #[frame(bits = 1)]
    pub answer: u8,
    /// The other bits of it: what is asked for, or answered.
    #[frame(bits = 31, tag(not(4, 5)), echo, header = "command", read_only)]
    pub command: u32,
    /// How a request ended; 0 in a request.
    #[frame(status)]
    pub command_status: u32,
    /// Pairs request and answer.
    #[frame(id)]
    pub sequence_number: u32,
    /// What belongs to the command.
    #[frame(body)]
    pub body: Bytes,
}

/// A short message: `submit_sm` (4) of a client, or `deliver_sm` (5) of a message centre.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 16)]
pub struct Sm {
    #[frame(len_of = ..)]
    command_length: Len<u32>,
    /// Bit 31 of the `command_id`.
    #[frame(bits = 1, tag = 0)]
    pub answer: u8,
    /// The other bits of it.
    #[frame(bits = 31, tag(4, 5), header = "command", read_only)]
    pub command: u32,
    /// 0 in a request.
    pub command_status: u32,
    /// Pairs request and answer.
    #[frame(id)]
    pub sequence_number: u32,
    /// The service that the message belongs to.
    #[frame(until = 0, max = 6, header = "service_type")]
    pub service_type: Text,
    /// Type of number of the source.
    pub source_addr_ton: u8,
    /// Numbering plan of the source.
    pub source_addr_npi: u8,
    /// Who sends the message.
    #[frame(until = 0, max = 21, header = "source_addr")]
    pub source_addr: Text,
    /// Type of number of the destination.
    pub dest_addr_ton: u8,
    /// Numbering plan of the destination.
    pub dest_addr_npi: u8,
    /// Who gets the message.
    #[frame(until = 0, max = 21, header = "destination_addr")]
    pub destination_addr: Text,
    /// The mode and the type of the message.
    pub esm_class: u8,
    /// The protocol identifier of the network.
    pub protocol_id: u8,
    /// The priority of the message.
    pub priority_flag: u8,
    /// When it shall be delivered; empty for at once.
    #[frame(until = 0, max = 17)]
    pub schedule_delivery_time: Text,
    /// Until when it may be; empty for the default.
    #[frame(until = 0, max = 17)]
    pub validity_period: Text,
    /// Which receipts are asked for.
    pub registered_delivery: u8,
    /// Whether it replaces one that waits.
    pub replace_if_present_flag: u8,
    /// The alphabet of the message.
    #[frame(header = "data_coding", read_only)]
    pub data_coding: u8,
    /// A message that is kept at the message centre.
    pub sm_default_msg_id: u8,
    #[frame(len_of = short_message)]
    message_length: Len<u8>,
    /// The message.
    #[frame(body, max = 254)]
    pub short_message: Bytes,
    /// Optional parameters.
    #[frame(with = Parameters, headers)]
    pub parameters: Bytes,
}

/// The answer to a short message. After an error there is no message id in it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 16)]
pub struct SmResp {
    #[frame(len_of = ..)]
    command_length: Len<u32>,
    /// Bit 31 of the `command_id`.
    #[frame(bits = 1, tag = 1)]
    pub answer: u8,
    /// The other bits of it.
    #[frame(bits = 31, tag(4, 5), header = "command", read_only)]
    pub command: u32,
    /// How the request ended; 0 is success.
    #[frame(status)]
    pub command_status: u32,
    /// Pairs request and answer.
    #[frame(id)]
    pub sequence_number: u32,
    /// The message id, which ends with a zero byte.
    #[frame(body)]
    pub body: Bytes,
}

/// What hosts ask for among the optional parameters.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(tlv(tag = u16, len = u16))]
pub struct Parameters {
    /// A number of the client.
    #[record(0x0204, header)]
    pub user_message_reference: Option<u16>,
    /// The number of a message that comes in segments.
    #[record(0x020c, header)]
    pub sar_msg_ref_num: Option<u16>,
    /// How many segments it has.
    #[record(0x020e, header)]
    pub sar_total_segments: Option<u8>,
    /// Which one this is.
    #[record(0x020f, header)]
    pub sar_segment_seqnum: Option<u8>,
    /// Of a receipt, what became of the message.
    #[record(0x0427, header)]
    pub message_state: Option<u8>,
}

/// SMPP. The numbers are those of section 5.1.3 of its specification.
#[protocol(
    name = "x-smpp",
    frames(Pdu, Sm, SmResp),
    hijacker = custom,
    service("destination_addr"),
    method("command"),
    pool = tcp,
    status(200 => 0, 404 => 0x0b, 503 => 0x14, 509 => 0x58, _ => 0x08)
)]
pub struct Smpp;

impl Hijacker for Smpp {
    /// The answer to a short message is a struct of its own.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &SmppView<'_>,
        reason: HostStatus,
    ) -> Option<SmppFrame> {
        let mut answer = Self::default_answer(context, request, reason)?;
        if let (SmppFrame::SmResp(answer), SmppView::Sm(call)) = (&mut answer, request) {
            answer.command = call.command();
        }
        Some(answer)
    }
}
