//! The calls of the host.

use crate::exports::{Buffer, set};
use crate::frame::{Frame, Message, OK, PARSE_FAILURE};

/// How many frames are kept: a frame lives until another context comes to its place.
const PLACES: usize = 256;

/// What lies in the memory of one instance.
pub(crate) struct Plugin {
    kept: [Vec<u8>; PLACES],
    /// The memory of every result.
    out: Vec<u8>,
}

impl Plugin {
    pub(crate) const fn new() -> Self {
        Self {
            kept: [const { Vec::new() }; PLACES],
            out: Vec::new(),
        }
    }

    fn place(&mut self, context: u32) -> &mut Vec<u8> {
        &mut self.kept[context as usize % PLACES]
    }

    pub(crate) fn delete(&mut self, context: u32) {
        *self.place(context) = Vec::new();
    }

    pub(crate) fn decode(&mut self, context: u32, input: Vec<u8>) -> i32 {
        let status = match Frame::parse(&input) {
            Ok(frame) => set(Buffer::DecodeData, frame.describe(&mut self.out)),
            Err(status) => return status,
        };
        *self.place(context) = input;
        status
    }

    pub(crate) fn encode(&mut self, context: u32, input: &[u8]) -> i32 {
        let kept = &self.kept[context as usize % PLACES];
        match (Frame::parse(kept), Message::parse(input)) {
            (Ok(frame), Some(message)) => {
                set(Buffer::EncodeData, message.write(&frame, &mut self.out))
            }
            _ => PARSE_FAILURE,
        }
    }

    /// The request comes once more, behind the fixed fields of an encode message.
    pub(crate) fn hijack(&mut self, context: u32, input: &[u8]) -> i32 {
        if let Some(frame) = input.get(29..) {
            *self.place(context) = frame.to_vec();
        }
        OK
    }
}
