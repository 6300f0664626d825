//! The messages between host and plugin, byte for byte.
//!
//! All integers are big-endian. Both directions begin with a header section: its length, then pairs
//! as in a [header block](crate::frame::HeaderMap).

use crate::command::{Command, MessageKind};
use crate::frame::{HeaderWriter, Headers};
use crate::wire::{Bits, Endian, Error, Slot};

/// Bytes of an integer of 32 bits.
const WORD: usize = size_of::<u32>();
/// Bytes from the flag to the end of the raw length in a decode result.
const DECODE_FIXED: usize = 21;
/// Bytes before the frame in an encode result.
const ENCODE_FIXED: usize = 21;
/// Marks a length that the host's header parser skips.
const SKIP: [u8; WORD] = [0xff; WORD];

/// Set in the flag of a request.
const REQUEST: u8 = 0x40;
/// Set in the flag of a heartbeat and of its answer.
const HEARTBEAT: u8 = 0x20;

/// The flag byte of a decoded frame. The low bits mean nothing to the host, but they must not all
/// be zero: its header parser reads on into the flag, and a small number there is a length to it.
const fn flag(kind: MessageKind) -> u8 {
    match kind {
        // Both top bits, the mark of a one-way request, make the host close the connection.
        MessageKind::Request | MessageKind::OneWay => REQUEST | 0x01,
        MessageKind::Heartbeat => REQUEST | HEARTBEAT | 0x01,
        MessageKind::Response => 0x1f,
        MessageKind::HeartbeatAck => HEARTBEAT | 0x1f,
    }
}

/// The metadata of a decoded frame for the host.
pub(super) struct Decoded<'d, C> {
    /// The frame.
    pub(super) command: &'d C,
    /// What it is.
    pub(super) kind: MessageKind,
    /// The correlation id as the host knows it.
    pub(super) id: u64,
    /// Milliseconds of a request as the host reads them, or the status of a response.
    pub(super) word: u32,
    /// Bytes that the frame takes from the connection.
    pub(super) drain: usize,
    /// The body that the host sees.
    pub(super) body: &'d [u8],
}

impl<C: Command> Decoded<'_, C> {
    /// Writes the decode result. Fails if the frame's headers are malformed.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        out.clear();
        out.extend_from_slice(&[0; WORD]);
        self.command.write_headers(&mut HeaderWriter::new(out))?;
        // The host's header parser does not stop at the end of the section. It is led over the
        // rest of the message as over one key, to a value that it skips.
        let fence = if out.len() > WORD { WORD } else { 0 };
        let section = out.len() - WORD + fence;
        (section as u32).store(out, 0, Endian::Big);
        let body = self.body;
        // The lead of the fence, in one piece with what follows it.
        let mut fixed = [0; WORD + DECODE_FIXED];
        fixed[..4].copy_from_slice(&word(DECODE_FIXED + body.len()));
        fixed[4] = flag(self.kind);
        fixed[5..13].copy_from_slice(&self.id.to_be_bytes());
        fixed[13..17].copy_from_slice(&self.word.to_be_bytes());
        fixed[17..21].copy_from_slice(&word(self.drain));
        fixed[21..].copy_from_slice(&word(body.len()));
        out.extend_from_slice(if fence > 0 { &fixed } else { &fixed[WORD..] });
        out.extend_from_slice(body);
        if fence > 0 {
            out.extend_from_slice(&SKIP);
        }
        Ok(())
    }
}

/// A length as the ABI writes it. WebAssembly memory ends long before the number does.
const fn word(length: usize) -> [u8; WORD] {
    (length as u32).to_be_bytes()
}

/// Starts an encode result: the frame follows, and [`finish_encoded`] says how long it is.
#[inline]
pub(super) fn start_encoded(out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&[0; ENCODE_FIXED]);
}

/// Completes an encode result with the length of the frame that was written. The result has no
/// header section: the host would parse it and throw it away.
#[inline]
pub(super) fn finish_encoded(out: &mut [u8]) {
    let length = out.len().saturating_sub(ENCODE_FIXED);
    word(length).store(out, ENCODE_FIXED - WORD, Endian::Big);
}

/// What the host wants encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToEncode<'i> {
    /// The headers as the host has them now.
    pub(super) headers: &'i [u8],
    /// The kind of the frame.
    pub(super) kind: MessageKind,
    /// The correlation id to put on the wire. The second id of the message is the one before it; it
    /// is not read, because after a retry or a timeout the plugin has never seen it.
    pub(super) id: u64,
    /// Milliseconds or status.
    pub(super) word: u32,
    /// The body as the host has it now.
    pub(super) data: &'i [u8],
}

impl<'i> ToEncode<'i> {
    /// Reads the host's message; `None` if it is not one.
    pub(super) fn parse(input: &'i [u8]) -> Option<Self> {
        let mut reader = Reader { rest: input };
        let headers = reader.section()?;
        let [flag] = *reader.take()?;
        let id = u64::from_be_bytes(*reader.take()?);
        let _previous: &[u8; 8] = reader.take()?;
        let word = u32::from_be_bytes(*reader.take()?);
        let data = reader.section()?;
        Some(Self {
            headers,
            kind: kind(flag),
            id,
            word,
            data,
        })
    }

    /// Whether this encodes the decoded frame, for the first time or in a retry.
    #[inline]
    pub(super) const fn forwards(&self, decoded: MessageKind) -> bool {
        !self.kind.is_heartbeat() && self.kind.is_request() == decoded.is_request()
    }

    /// The headers, checked.
    pub(super) fn headers(&self) -> Result<Headers<'i>, Error> {
        headers(self.headers)
    }
}

/// A header block of the host, checked.
#[cold]
#[inline(never)]
pub(super) fn headers(block: &[u8]) -> Result<Headers<'_>, Error> {
    Headers::parse(block, &HOST_HEADERS, WORD)
}

/// Names the headers of a host's message.
static HOST_HEADERS: Slot = Slot::first("HostMessage", "headers", 0, Endian::Big);

/// What the host says a frame is.
const fn kind(flag: u8) -> MessageKind {
    match (flag & REQUEST != 0, flag & HEARTBEAT != 0) {
        (true, false) => MessageKind::Request,
        (true, true) => MessageKind::Heartbeat,
        (false, false) => MessageKind::Response,
        (false, true) => MessageKind::HeartbeatAck,
    }
}

/// Leaves of a hijack message the request's own bytes; none if the message is not what it should
/// be. The memory of the message is reused: a hijack must not fail for want of memory.
pub(super) fn hijacked_frame(mut input: Vec<u8>) -> Vec<u8> {
    let frame = find_frame(&input).map_or(0, <[u8]>::len);
    // The frame is the last thing in the message.
    if let Some(start) = input.len().checked_sub(frame) {
        input.drain(..start);
    }
    input
}

fn find_frame(input: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader { rest: input };
    reader.section()?;
    // Flag, id, the same id, timeout.
    let _fixed: &[u8; 1 + 8 + 8 + 4] = reader.take()?;
    let frame = reader.section()?;
    reader.rest.is_empty().then_some(frame)
}

/// Reads a message of the host, each field in its turn.
struct Reader<'i> {
    rest: &'i [u8],
}

impl<'i> Reader<'i> {
    fn take<const N: usize>(&mut self) -> Option<&'i [u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(bytes)
    }

    /// A length and as many bytes.
    fn section(&mut self) -> Option<&'i [u8]> {
        let length = u32::from_be_bytes(*self.take()?);
        let (bytes, rest) = self.rest.split_at_checked(length as usize)?;
        self.rest = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Request, Response};

    /// A command without a layout.
    struct Fake {
        kind: MessageKind,
        headers: &'static [(&'static str, &'static str)],
    }

    impl Command for Fake {
        fn kind(&self) -> MessageKind {
            self.kind
        }

        fn id(&self) -> u64 {
            0x0102_0304_0506_0708
        }

        fn body(&self) -> &[u8] {
            &[]
        }

        fn write_headers(&self, out: &mut HeaderWriter<'_>) -> Result<(), Error> {
            for (key, value) in self.headers {
                out.pair(key.as_bytes(), value.as_bytes());
            }
            Ok(())
        }

        fn as_request(&self) -> Option<&dyn Request> {
            None
        }

        fn as_response(&self) -> Option<&dyn Response> {
            None
        }
    }

    fn decoded(kind: MessageKind, headers: &'static [(&'static str, &'static str)]) -> Vec<u8> {
        let mut out = vec![0xaa; 3];
        let command = Fake { kind, headers };
        Decoded {
            command: &command,
            kind,
            id: command.id(),
            word: 3000,
            drain: 0x55,
            body: b"hi",
        }
        .write(&mut out)
        .unwrap();
        out
    }

    #[test]
    fn a_result_with_headers_is_fenced() {
        let expected = b"\0\0\0\x0e\0\0\0\x01a\0\0\0\x01b\
            \0\0\0\x17\
            \x41\x01\x02\x03\x04\x05\x06\x07\x08\0\0\x0b\xb8\0\0\0\x55\0\0\0\x02hi\
            \xff\xff\xff\xff";
        assert_eq!(decoded(MessageKind::Request, &[("a", "b")]), expected);
    }

    #[test]
    fn a_result_without_headers_has_no_fence() {
        let expected =
            b"\0\0\0\0\x1f\x01\x02\x03\x04\x05\x06\x07\x08\0\0\x0b\xb8\0\0\0\x55\0\0\0\x02hi";
        assert_eq!(decoded(MessageKind::Response, &[]), expected);
    }

    #[test]
    fn flags_are_the_ones_that_the_host_survives() {
        let flags = [
            MessageKind::Request,
            MessageKind::OneWay,
            MessageKind::Heartbeat,
            MessageKind::Response,
            MessageKind::HeartbeatAck,
        ]
        .map(flag);
        assert_eq!(flags, [0x41, 0x41, 0x61, 0x1f, 0x3f]);
    }

    /// A request of stream 9 that the client knows as 5, with one header and the body `hi`.
    const INPUT: &[u8] = b"\0\0\0\x0a\0\0\0\x01a\0\0\0\x01b\x40\
        \0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x05\0\0\x0b\xb8\0\0\0\x02hi";

    #[test]
    fn the_first_id_goes_on_the_wire() {
        let wanted = ToEncode::parse(INPUT).unwrap();
        assert_eq!(
            (wanted.kind, wanted.id, wanted.word, wanted.data),
            (MessageKind::Request, 9, 3000, &b"hi"[..])
        );
        assert_eq!(wanted.headers, b"\0\0\0\x01a\0\0\0\x01b");
    }

    #[test]
    fn a_cut_message_is_none() {
        for cut in 0..INPUT.len() {
            assert!(ToEncode::parse(&INPUT[..cut]).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn an_encode_result_has_one_length_and_no_headers() {
        let mut out = vec![1, 2, 3];
        start_encoded(&mut out);
        out.extend_from_slice(b"frame");
        finish_encoded(&mut out);
        assert_eq!(out[..17], [0; 17]);
        assert_eq!(out[17..], *b"\0\0\0\x05frame");
    }

    #[test]
    fn a_hijack_message_gives_the_request_or_nothing() {
        let message = b"\0\0\0\0\x40\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x05frame";
        assert_eq!(hijacked_frame(message.to_vec()), b"frame");
        for cut in 0..message.len() {
            assert_eq!(hijacked_frame(message[..cut].to_vec()), b"", "cut at {cut}");
        }
        assert_eq!(hijacked_frame(vec![0xff; 64]), b"");
    }
}
