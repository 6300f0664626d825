//! Bolt frames, and the messages between host and plugin.

/// The frame is complete.
pub(crate) const OK: i32 = 0;
/// The bytes are not a frame, or not a message.
pub(crate) const PARSE_FAILURE: i32 = 4;
/// More bytes are needed.
pub(crate) const NEED_MORE: i32 = 99;

/// Bytes before the frame in an encode result.
const ENCODED: usize = 21;
/// In a flag byte: the frame asks.
const REQUEST: u8 = 0x40;
/// In a flag byte: the frame is a heartbeat, or the answer to one.
const HEARTBEAT: u8 = 0x20;

/// A frame over the bytes it came in.
pub(crate) struct Frame<'a> {
    /// The fixed part with the class name after it.
    front: &'a [u8],
    headers: &'a [u8],
    body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame at the front of `bytes`, or what the host gets to hear instead.
    #[inline]
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, i32> {
        let &[proto, kind, ..] = bytes else {
            return Err(NEED_MORE);
        };
        if proto != 1 || kind > 2 {
            return Err(PARSE_FAILURE);
        }
        let head = bytes.get(..fixed(kind)).ok_or(NEED_MORE)?;
        // The lengths of the three parts end the fixed part of requests and responses alike.
        let lengths = head
            .last_chunk()
            .map_or(0, |last| u64::from_be_bytes(*last));
        let (class, headers, body) = (lengths >> 48, lengths >> 32 & 0xffff, lengths & 0xffff_ffff);
        let (front, rest) = split(bytes, head.len() + class as usize)?;
        let (headers, rest) = split(rest, headers as usize)?;
        let (body, _) = split(rest, body as usize)?;
        Ok(Self {
            front,
            headers,
            body,
        })
    }

    #[inline]
    fn is_request(&self) -> bool {
        self.front[1] != 0
    }

    #[inline]
    fn is_heartbeat(&self) -> bool {
        self.front[2..4] == [0, 0]
    }

    /// Writes what the host shall know of the frame.
    #[inline]
    pub(crate) fn describe<'o>(&self, memory: &'o mut Vec<u8>) -> &'o [u8] {
        let Self {
            front,
            headers,
            body,
        } = self;
        // What the host reads as one more key: it leads over all that follows the headers.
        let fence = if headers.is_empty() { 0 } else { 4 };
        let size = 25 + headers.len() + body.len() + 2 * fence;
        let mut out = Out::new(memory, size);
        out.word(headers.len() + fence);
        out.push(headers);
        if fence > 0 {
            out.word(21 + body.len());
        }
        // The low bits stop the host's header parser, should it come this far.
        let flag = if self.is_request() {
            REQUEST | 0x01
        } else {
            0x1f
        };
        let flag = if self.is_heartbeat() {
            flag | HEARTBEAT
        } else {
            flag
        };
        out.push(&[flag, 0, 0, 0, 0]);
        out.push(&front[5..9]);
        // The timeout of a request, the status of a response.
        out.push(&if self.is_request() {
            [front[10], front[11], front[12], front[13]]
        } else {
            [0, 0, front[10], front[11]]
        });
        out.word(front.len() + headers.len() + body.len());
        out.word(body.len());
        out.push(body);
        if fence > 0 {
            out.push(&[0xff; 4]);
        }
        &memory[..size]
    }
}

/// Bytes of the fixed part.
#[inline]
fn fixed(kind: u8) -> usize {
    if kind == 0 { 20 } else { 22 }
}

#[inline]
fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), i32> {
    bytes.split_at_checked(at).ok_or(NEED_MORE)
}

/// What the host wants encoded.
pub(crate) struct Message<'a> {
    flag: u8,
    /// The lower half of the id: bolt has no more.
    id: &'a [u8],
    headers: &'a [u8],
    body: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads the host's message.
    #[inline]
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (headers, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        // Flag, id, previous id, timeout or status, length.
        let (fixed, rest) = rest.split_first_chunk::<25>()?;
        let length = u32::from_be_bytes(*fixed.last_chunk()?);
        let body = rest.get(..length as usize)?;
        Some(Self {
            flag: fixed[0],
            id: &fixed[5..9],
            headers,
            body,
        })
    }

    /// Writes what goes to the peer: the frame with the host's changes, or an answer to it.
    #[inline]
    pub(crate) fn write<'o>(&self, frame: &Frame<'_>, memory: &'o mut Vec<u8>) -> &'o [u8] {
        if self.flag & REQUEST == 0 && frame.is_request() {
            return self.answer(frame, memory);
        }
        let Self { headers, body, .. } = self;
        let length = frame.front.len() + headers.len() + body.len();
        let mut out = Out::encoded(memory, length);
        let (head, class) = frame.front.split_at(fixed(frame.front[1]));
        out.push(&head[..5]);
        out.push(self.id);
        out.push(&head[9..head.len() - 6]);
        out.push(&(headers.len() as u16).to_be_bytes());
        out.word(body.len());
        out.push(class);
        out.push(headers);
        out.push(body);
        &memory[..ENCODED + length]
    }

    /// An answer instead of the peer: to a heartbeat, or without success to a call.
    #[inline]
    fn answer<'o>(&self, frame: &Frame<'_>, memory: &'o mut Vec<u8>) -> &'o [u8] {
        let (code, status) = if frame.is_heartbeat() { (0, 0) } else { (2, 3) };
        let length = fixed(0);
        let mut out = Out::encoded(memory, length);
        out.push(&[1, 0, 0, code, 1]);
        out.push(self.id);
        out.push(&[1, 0, status, 0, 0, 0, 0, 0, 0, 0, 0]);
        &memory[..ENCODED + length]
    }
}

/// Writes one piece after the other into memory of the right size.
struct Out<'o>(&'o mut [u8]);

impl<'o> Out<'o> {
    #[inline]
    fn new(memory: &'o mut Vec<u8>, size: usize) -> Self {
        if memory.len() < size {
            memory.resize(size, 0);
        }
        Self(&mut memory[..size])
    }

    /// An encode result for a frame of this length: no headers, nothing that the host looks at.
    #[inline]
    fn encoded(memory: &'o mut Vec<u8>, length: usize) -> Self {
        let mut out = Self::new(memory, ENCODED + length);
        out.push(&[0; ENCODED - 4]);
        out.word(length);
        out
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        let (to, rest) = core::mem::take(&mut self.0).split_at_mut(bytes.len());
        to.copy_from_slice(bytes);
        self.0 = rest;
    }

    #[inline]
    fn word(&mut self, number: usize) {
        self.push(&(number as u32).to_be_bytes());
    }
}
