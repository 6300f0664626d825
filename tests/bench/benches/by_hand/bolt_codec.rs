//! Bolt v1 written by hand, with care, for this one protocol: what the generated code is held
//! against. It makes the checks that the declaration asks for, and no other.

use bolt::BoltRequest;
use meshwire::MessageKind;

/// The largest frame, as in the declaration.
const MAX: usize = 16 * 1024 * 1024;

/// A frame over the bytes it came in.
pub(crate) struct Frame<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) kind: MessageKind,
    pub(crate) version: u8,
    pub(crate) id: u32,
    pub(crate) codec: u8,
    /// The timeout of a request, the status of a response.
    pub(crate) word: i32,
    pub(crate) class: &'a [u8],
    pub(crate) headers: &'a [u8],
    pub(crate) body: &'a [u8],
}

/// Why there is no frame.
#[derive(Debug)]
#[expect(dead_code, reason = "callers that want to know may look")]
pub(crate) enum Fault {
    /// At least so many more bytes are needed.
    NeedMore(usize),
    /// The first byte is not that of bolt.
    NotBolt,
    /// No kind of frame has this second byte.
    UnknownType,
    /// The frame is larger than allowed.
    TooLarge,
    /// A length leaves its region.
    Overrun,
    /// A field of the struct cannot be written.
    Unfit(&'static str),
}

impl<'a> Frame<'a> {
    /// The frame at the front of `bytes`.
    #[allow(
        clippy::inline_always,
        reason = "whoever writes for speed sees that it is"
    )]
    #[inline(always)]
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let Some(head) = bytes.first_chunk::<20>() else {
            return Err(short(bytes));
        };
        let (fixed, lengths) = match head[..2] {
            [1, 1 | 2] => match bytes.first_chunk::<22>() {
                Some(head) => (22, head.last_chunk::<8>()),
                None => return Err(short(bytes)),
            },
            [1, 0] => (20, head.last_chunk()),
            _ => return Err(short(bytes)),
        };
        let [c0, c1, h0, h1, b0, b1, b2, b3] = *lengths.ok_or(Fault::NeedMore(0))?;
        let class = fixed + usize::from(u16::from_be_bytes([c0, c1]));
        let headers = class + usize::from(u16::from_be_bytes([h0, h1]));
        let body = u32::from_be_bytes([b0, b1, b2, b3]) as usize;
        if body > MAX - headers {
            return Err(Fault::TooLarge);
        }
        let end = headers + body;
        let Some(raw) = bytes.get(..end) else {
            return Err(Fault::NeedMore(end - bytes.len()));
        };
        let heartbeat = head[2..4] == [0, 0];
        let kind = match head[1] {
            0 if heartbeat => MessageKind::HeartbeatAck,
            0 => MessageKind::Response,
            _ if heartbeat => MessageKind::Heartbeat,
            2 => MessageKind::OneWay,
            _ => MessageKind::Request,
        };
        let word = if fixed == 20 {
            u16::from_be_bytes([head[10], head[11]]).into()
        } else {
            i32::from_be_bytes([head[10], head[11], head[12], head[13]])
        };
        Ok(Self {
            raw,
            kind,
            version: head[4],
            id: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
            codec: head[9],
            word,
            class: &raw[fixed..class],
            headers: &raw[class..headers],
            body: &raw[headers..],
        })
    }

    /// The header block, checked to be a run of whole pairs.
    #[inline]
    pub(crate) fn headers(&self) -> Result<&'a [u8], Fault> {
        let mut rest = self.headers;
        while !rest.is_empty() {
            for _ in ["key", "value"] {
                let (length, after) = rest.split_first_chunk().ok_or(Fault::Overrun)?;
                let length = u32::from_be_bytes(*length);
                // A null.
                let length = if length == u32::MAX {
                    0
                } else {
                    length as usize
                };
                rest = after.get(length..).ok_or(Fault::Overrun)?;
            }
        }
        Ok(self.headers)
    }

    /// Appends the frame with another id.
    #[inline]
    pub(crate) fn pass_on(&self, id: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
        let id = u32::try_from(id).map_err(|_| Fault::Unfit("request_id"))?;
        let start = out.len();
        out.extend_from_slice(self.raw);
        if let Some(place) = out.get_mut(start + 5..start + 9) {
            place.copy_from_slice(&id.to_be_bytes());
        }
        Ok(())
    }
}

/// Why bytes without a whole fixed part of a known type are not a frame.
#[cold]
fn short(bytes: &[u8]) -> Fault {
    match bytes {
        [1, 1 | 2, ..] => Fault::NeedMore(22 - bytes.len()),
        [] | [1] | [1, 0, ..] => Fault::NeedMore(20 - bytes.len()),
        [1, ..] => Fault::UnknownType,
        _ => Fault::NotBolt,
    }
}

/// Appends the request to `out`.
#[inline]
pub(crate) fn encode(request: &BoltRequest, out: &mut Vec<u8>) -> Result<(), Fault> {
    let (class, headers) = (request.class.as_ref(), request.headers.as_block());
    let body = &request.body[..];
    if request.proto != 1 {
        return Err(Fault::Unfit("proto"));
    }
    if !matches!(request.cmd_type, 1 | 2) {
        return Err(Fault::Unfit("cmd_type"));
    }
    let class_len = u16::try_from(class.len()).map_err(|_| Fault::Unfit("class_len"))?;
    let headers_len = u16::try_from(headers.len()).map_err(|_| Fault::Unfit("headers_len"))?;
    let body_len = u32::try_from(body.len()).map_err(|_| Fault::Unfit("body_len"))?;
    let total = 22 + class.len() + headers.len() + body.len();
    if total > MAX {
        return Err(Fault::TooLarge);
    }
    let mut head = [0; 22];
    head[0] = request.proto;
    head[1] = request.cmd_type;
    head[2..4].copy_from_slice(&request.cmd_code.to_be_bytes());
    head[4] = request.version;
    head[5..9].copy_from_slice(&request.request_id.to_be_bytes());
    head[9] = request.codec;
    head[10..14].copy_from_slice(&request.timeout.to_be_bytes());
    head[14..16].copy_from_slice(&class_len.to_be_bytes());
    head[16..18].copy_from_slice(&headers_len.to_be_bytes());
    head[18..22].copy_from_slice(&body_len.to_be_bytes());
    out.reserve(total);
    out.extend_from_slice(&head);
    out.extend_from_slice(class);
    out.extend_from_slice(headers);
    out.extend_from_slice(body);
    Ok(())
}
