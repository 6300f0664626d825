//! The host's messages to the plugin.

use meshwire::Bytes;

use super::{DecodedFrame, HeaderList};

/// The flag of a request.
const REQUEST: u8 = 0x40;
/// Set in the flag of a heartbeat and of its answer.
const HEARTBEAT: u8 = 0x20;
/// Milliseconds that the host gives its own heartbeats.
const HEARTBEAT_TIMEOUT: u32 = 3000;

/// What the host wants encoded.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeInput {
    /// The headers as they are now.
    pub headers: HeaderList,
    /// 0x40 request, 0x60 heartbeat, 0 response, 0x20 answer to a heartbeat.
    pub flag: u8,
    /// The id that goes on the wire.
    pub id: u64,
    /// The id that the frame had before.
    pub previous: u64,
    /// Of a request, its timeout in milliseconds; of a response, its status.
    pub word: u32,
    /// The body as it is now.
    pub data: Bytes,
}

impl EncodeInput {
    /// Whether the frame asks.
    pub const fn is_request(&self) -> bool {
        self.flag & REQUEST != 0
    }

    /// A decoded frame that goes on its way with another id.
    pub fn forward(frame: &DecodedFrame, id: u64) -> Self {
        Self {
            headers: frame.headers.clone(),
            flag: if frame.is_request() { REQUEST } else { 0 },
            id,
            previous: frame.id,
            word: frame.word,
            data: frame.body.clone(),
        }
    }

    /// A heartbeat of the host's own.
    pub const fn heartbeat(id: u64) -> Self {
        Self::bare(REQUEST | HEARTBEAT, id, id, HEARTBEAT_TIMEOUT)
    }

    /// The answer to a heartbeat.
    pub const fn heartbeat_ack(id: u64) -> Self {
        Self::bare(HEARTBEAT, id, id, 0)
    }

    /// The answer of a hijack: `id` is that of the request as its client knows it, `previous` the one
    /// at the time of the hijack.
    pub const fn hijack(id: u64, previous: u64) -> Self {
        Self::bare(0, id, previous, 0)
    }

    const fn bare(flag: u8, id: u64, previous: u64, word: u32) -> Self {
        Self {
            headers: HeaderList::new(),
            flag,
            id,
            previous,
            word,
            data: Bytes::new(),
        }
    }

    /// The message, byte for byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.headers.write(&mut out);
        out.push(self.flag);
        out.extend_from_slice(&self.id.to_be_bytes());
        out.extend_from_slice(&self.previous.to_be_bytes());
        out.extend_from_slice(&self.word.to_be_bytes());
        out.extend_from_slice(&(self.data.len() as u32).to_be_bytes());
        out.extend_from_slice(&self.data);
        out
    }
}

/// What the host passes when it wants to answer a request itself.
#[derive(Clone, Debug, PartialEq)]
pub struct HijackInput {
    /// The id of the request at this time: that of its client, or that of the last stream to a
    /// server.
    pub id: u64,
    /// The timeout of the request in milliseconds.
    pub timeout: u32,
    /// The bytes of the request as they came, with the client's id in them.
    pub raw: Bytes,
}

impl HijackInput {
    /// A request that was decoded and not sent on yet.
    pub fn of(frame: &DecodedFrame) -> Self {
        Self {
            id: frame.id,
            timeout: frame.word,
            raw: frame.raw.clone(),
        }
    }

    /// The message, byte for byte.
    pub fn to_bytes(&self) -> Vec<u8> {
        EncodeInput {
            headers: HeaderList::new(),
            flag: REQUEST,
            id: self.id,
            previous: self.id,
            word: self.timeout,
            data: self.raw.clone(),
        }
        .to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encode_message_has_two_ids() {
        let input = EncodeInput {
            headers: HeaderList::from([("a", "b")]),
            flag: REQUEST,
            id: 9,
            previous: 5,
            word: 3000,
            data: Bytes::from_static(b"hi"),
        };
        let expected = b"\0\0\0\x0a\0\0\0\x01a\0\0\0\x01b\x40\
            \0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x05\0\0\x0b\xb8\0\0\0\x02hi";
        assert_eq!(input.to_bytes(), expected);
    }

    #[test]
    fn a_hijack_message_has_the_raw_frame_and_no_headers() {
        let input = HijackInput {
            id: 9,
            timeout: 0,
            raw: Bytes::from_static(b"raw"),
        };
        let expected = b"\0\0\0\0\x40\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x03raw";
        assert_eq!(input.to_bytes(), expected);
    }
}
