//! The calls of the host.

use crate::exports::{Buffer, set};
use crate::frame::{Frame, Message, OK, PARSE_FAILURE};

/// How many frames are kept: a frame lives until another context comes to its place. A busy host has
/// thousands of younger ones before it comes back to a call that had to wait.
const PLACES: usize = 16 << 10;

/// What is in the memory of one instance.
pub(crate) struct Plugin {
    kept: [Option<Box<[u8]>>; PLACES],
    /// The memory of every result.
    out: Vec<u8>,
}

impl Plugin {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self {
            kept: [const { None }; PLACES],
            out: Vec::new(),
        }
    }

    #[inline]
    fn place(&mut self, context: u32) -> &mut Option<Box<[u8]>> {
        &mut self.kept[context as usize % PLACES]
    }

    #[inline]
    pub(crate) fn delete(&mut self, context: u32) {
        *self.place(context) = None;
    }

    #[inline]
    pub(crate) fn decode(&mut self, context: u32, input: Box<[u8]>) -> i32 {
        let status = match Frame::parse(&input) {
            Ok(frame) => set(Buffer::DecodeData, frame.describe(&mut self.out)),
            Err(status) => return status,
        };
        *self.place(context) = Some(input);
        status
    }

    #[inline]
    pub(crate) fn encode(&mut self, context: u32, input: &[u8]) -> i32 {
        let kept = self.kept[context as usize % PLACES].as_deref();
        match (
            Frame::parse(kept.unwrap_or_default()),
            Message::parse(input),
        ) {
            (Ok(frame), Some(message)) => {
                set(Buffer::EncodeData, message.write(&frame, &mut self.out))
            }
            _ => PARSE_FAILURE,
        }
    }

    /// The request comes once more, after the fixed fields of an encode message.
    #[inline]
    pub(crate) fn hijack(&mut self, context: u32, input: &[u8]) -> i32 {
        if let Some(frame) = input.get(29..) {
            *self.place(context) = Some(frame.into());
        }
        OK
    }
}
