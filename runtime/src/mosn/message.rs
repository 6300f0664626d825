//! The messages between host and plugin, byte for byte.
//!
//! All integers are big-endian. Both directions begin with a header section: its length, then pairs
//! as in a [header block](crate::frame::HeaderMap).

use crate::command::{Command, Kind};
use crate::frame::{HeaderWriter, Headers};
use crate::wire::{Bits, Endian, Error, Reason, Slot};

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
const fn flag(kind: Kind) -> u8 {
    match kind {
        // Both top bits, the mark of a one-way request, make the host close the connection.
        Kind::Request | Kind::OneWay => REQUEST | 0x01,
        Kind::Heartbeat => REQUEST | HEARTBEAT | 0x01,
        Kind::Response => 0x1f,
        Kind::HeartbeatAck => HEARTBEAT | 0x1f,
    }
}

/// What the host is told about a decoded frame.
pub(super) struct Decoded<'d, C> {
    /// The frame.
    pub(super) command: &'d C,
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
        let fenced = out.len() > WORD;
        if fenced {
            // The host's header parser does not stop at the end of the section. It is led over the
            // rest of the message as over one key, to a value that it skips.
            let key = DECODE_FIXED + self.body.len();
            out.extend_from_slice(&word(key));
        }
        let headers = out.len() - WORD;
        word(headers).store(out, 0, Endian::Big);
        out.reserve(DECODE_FIXED + self.body.len() + WORD);
        out.push(flag(self.command.kind()));
        out.extend_from_slice(&self.command.id().to_be_bytes());
        out.extend_from_slice(&self.word.to_be_bytes());
        out.extend_from_slice(&word(self.drain));
        out.extend_from_slice(&word(self.body.len()));
        out.extend_from_slice(self.body);
        if fenced {
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
pub(super) fn start_encoded(out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&[0; ENCODE_FIXED]);
}

/// Completes an encode result with the length of the frame that was written. The result has no
/// header section: the host would parse it and throw it away.
pub(super) fn finish_encoded(out: &mut [u8]) {
    let length = out.len().saturating_sub(ENCODE_FIXED);
    word(length).store(out, ENCODE_FIXED - WORD, Endian::Big);
}

/// What the host wants encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToEncode<'i> {
    /// The headers as the host has them now.
    pub(super) headers: Headers<'i>,
    /// What the frame is.
    pub(super) kind: Kind,
    /// The correlation id to put on the wire. The second id of the message is the one before it; it
    /// is not looked at, because after a retry or a timeout it is none that the plugin has seen.
    pub(super) id: u64,
    /// Milliseconds or status.
    pub(super) word: u32,
    /// The body as the host has it now.
    pub(super) data: &'i [u8],
}

impl<'i> ToEncode<'i> {
    /// Reads the host's message.
    pub(super) fn parse(input: &'i [u8]) -> Result<Self, Error> {
        let mut reader = Reader { input, at: 0 };
        let length = reader.word("header length")?;
        let slot = Slot::first("EncodeInput", "headers", 0, Endian::Big);
        let headers = Headers::parse(reader.bytes("headers", length)?, Slot { at: WORD, ..slot })?;
        let flag: u8 = reader.int("flag")?;
        let id = reader.int("id")?;
        let _previous: u64 = reader.int("previous id")?;
        let word = reader.word("timeout or status")?;
        let length = reader.word("data length")?;
        let data = reader.bytes("data", length)?;
        Ok(Self { headers, kind: kind(flag), id, word, data })
    }
}

/// What the host says a frame is.
const fn kind(flag: u8) -> Kind {
    match (flag & REQUEST != 0, flag & HEARTBEAT != 0) {
        (true, false) => Kind::Request,
        (true, true) => Kind::Heartbeat,
        (false, false) => Kind::Response,
        (false, true) => Kind::HeartbeatAck,
    }
}

/// Leaves of a hijack message the request's own bytes; none if the message is not what it should
/// be. The memory of the message is reused: a hijack must not fail for want of memory.
pub(super) fn hijacked_frame(mut input: Vec<u8>) -> Vec<u8> {
    let mut reader = Reader { input: &input, at: 0 };
    let frame = (|| {
        let headers = reader.word("header length")?;
        reader.bytes("headers", headers)?;
        let _flag: u8 = reader.int("flag")?;
        let _id: u64 = reader.int("id")?;
        let _previous: u64 = reader.int("previous id")?;
        let _timeout = reader.word("timeout")?;
        let length = reader.word("frame length")?;
        let start = reader.at;
        reader.bytes("frame", length).map(|_| start..reader.at)
    })();
    let frame = frame.unwrap_or(0..0);
    input.truncate(frame.end);
    input.drain(..frame.start);
    input
}

/// Reads a message of the host, each field in its turn.
struct Reader<'i> {
    input: &'i [u8],
    at: usize,
}

impl<'i> Reader<'i> {
    fn int<T: Bits>(&mut self, field: &'static str) -> Result<T, Error> {
        let bytes = self.bytes(field, T::SIZE as u32)?;
        Ok(T::load(bytes, 0, Endian::Big))
    }

    fn word(&mut self, field: &'static str) -> Result<u32, Error> {
        self.int(field)
    }

    fn bytes(&mut self, field: &'static str, length: u32) -> Result<&'i [u8], Error> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let Some(bytes) = rest.get(..length as usize) else {
            let reason = Reason::Overrun { wanted: u64::from(length), got: rest.len() as u64 };
            return Err(Error::new("HostMessage", field, self.at, reason));
        };
        self.at += bytes.len();
        Ok(bytes)
    }
}
