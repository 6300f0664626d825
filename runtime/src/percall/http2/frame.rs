//! Frames of HTTP/2 (RFC 9113, section 4 and 6): their heads, read and written.

use super::{ErrorCode, Fault};

/// What a client's connection begins with.
pub(in crate::percall) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes of a head.
pub(super) const HEAD: usize = 9;
/// Payload of a frame at most: what a peer may send until it is allowed more, and it is not.
pub(super) const MAX_PAYLOAD: usize = 16_384;
/// The largest window.
pub(super) const MAX_WINDOW: i64 = 0x7fff_ffff;
/// The window of a stream until a peer announces another one, and of a connection.
pub(super) const DEFAULT_WINDOW: i64 = 65_535;

/// The frame types.
pub(super) mod kind {
    pub(in super::super) const DATA: u8 = 0;
    pub(in super::super) const HEADERS: u8 = 1;
    pub(in super::super) const PRIORITY: u8 = 2;
    pub(in super::super) const RST_STREAM: u8 = 3;
    pub(in super::super) const SETTINGS: u8 = 4;
    pub(in super::super) const PUSH_PROMISE: u8 = 5;
    pub(in super::super) const PING: u8 = 6;
    pub(in super::super) const GOAWAY: u8 = 7;
    pub(in super::super) const WINDOW_UPDATE: u8 = 8;
    pub(in super::super) const CONTINUATION: u8 = 9;
}

/// The flags.
pub(super) mod flag {
    pub(in super::super) const ACK: u8 = 0x1;
    pub(in super::super) const END_STREAM: u8 = 0x1;
    pub(in super::super) const END_HEADERS: u8 = 0x4;
    pub(in super::super) const PADDED: u8 = 0x8;
    pub(in super::super) const PRIORITY: u8 = 0x20;
}

/// The settings.
pub(super) mod setting {
    pub(in super::super) const HEADER_TABLE_SIZE: u16 = 1;
    pub(in super::super) const ENABLE_PUSH: u16 = 2;
    pub(in super::super) const MAX_CONCURRENT_STREAMS: u16 = 3;
    pub(in super::super) const INITIAL_WINDOW_SIZE: u16 = 4;
    pub(in super::super) const MAX_FRAME_SIZE: u16 = 5;
    pub(in super::super) const MAX_HEADER_LIST_SIZE: u16 = 6;
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) len: usize,
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
}

impl Head {
    /// The head at the front of some bytes, if it is complete.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [a, b, c, kind, flags, stream @ ..] = bytes.first_chunk::<HEAD>()?;
        Some(Self {
            len: u32::from_be_bytes([0, *a, *b, *c]) as usize,
            kind: *kind,
            flags: *flags,
            stream: u32::from_be_bytes(*stream) & 0x7fff_ffff,
        })
    }

    pub(super) const fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Appends a head.
    pub(super) fn write(out: &mut Vec<u8>, len: usize, kind: u8, flags: u8, stream: u32) {
        let [_, a, b, c] = (len as u32).to_be_bytes();
        out.extend_from_slice(&[a, b, c, kind, flags]);
        out.extend_from_slice(&stream.to_be_bytes());
    }

    /// A payload of four bytes.
    pub(super) fn word(payload: &[u8]) -> Result<u32, Fault> {
        match payload.try_into() {
            Ok(bytes) => Ok(u32::from_be_bytes(bytes)),
            Err(_) => Err(Fault::Connection(ErrorCode::FRAME_SIZE_ERROR)),
        }
    }

    /// The payload without padding and priority.
    pub(super) fn content(self, payload: &[u8], priority: bool) -> Result<&[u8], Fault> {
        const SHORT: Fault = Fault::Connection(ErrorCode::FRAME_SIZE_ERROR);
        let (mut content, mut padding) = (payload, 0);
        if self.has(flag::PADDED) {
            let (first, rest) = content.split_first().ok_or(SHORT)?;
            (content, padding) = (rest, usize::from(*first));
        }
        if priority && self.has(flag::PRIORITY) {
            let (dependency, rest) = content.split_at_checked(5).ok_or(SHORT)?;
            let depends_on = dependency
                .first_chunk()
                .copied()
                .map_or(0, u32::from_be_bytes);
            if depends_on & 0x7fff_ffff == self.stream {
                return Err(Fault::Connection(ErrorCode::PROTOCOL_ERROR));
            }
            content = rest;
        }
        let end = content.len().checked_sub(padding);
        let end = end.ok_or(Fault::Connection(ErrorCode::PROTOCOL_ERROR))?;
        Ok(content.get(..end).unwrap_or_default())
    }
}

/// Appends a frame of four bytes.
pub(super) fn write_word(out: &mut Vec<u8>, kind: u8, stream: u32, word: u32) {
    Head::write(out, 4, kind, 0, stream);
    out.extend_from_slice(&word.to_be_bytes());
}
