//! Parts that end by a mark, as SMPP 3.4 has its texts, without a length of their own.

use crate::conformance;
use meshwire::{Bytes, Frame, Len, Text, protocol};

/// A shortened `submit_sm`, or an `enquire_link`, with the limits of the specification (5.2.11, 5.2.9), which
/// count the NUL.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(command_id = 0x15), size = 16, max = 4096)]
pub(crate) struct EndingAsk {
    #[frame(len_of = command_length..)]
    command_length: Len<u32>,
    #[frame(tag(4, 0x15))]
    command_id: u32,
    command_status: u32,
    #[frame(id)]
    sequence_number: u32,
    #[frame(until = 0, max = 6, header = "service_type")]
    service_type: Text,
    #[frame(until = 0, max = 21, header = "destination_addr")]
    destination_addr: Text,
    esm_class: u8,
    #[frame(body)]
    short_message: Bytes,
}

/// An answer without a length: a line of text.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(command_id = 0x8000_0015), max = 4096)]
pub(crate) struct EndingAnswer {
    reserved: u32,
    #[frame(tag(0x8000_0004, 0x8000_0015))]
    command_id: u32,
    #[frame(status)]
    command_status: u32,
    #[frame(id)]
    sequence_number: u32,
    #[frame(until = b"\r\n", max = 65, header = "message_id")]
    message_id: Text,
    flags: u8,
}

#[protocol(name = "x-ending", frames(EndingAsk, EndingAnswer), status(200 => 0, _ => 8))]
pub(crate) struct Ending;

conformance!(Ending, "src/conformance/tests/ending", allocator = none);
