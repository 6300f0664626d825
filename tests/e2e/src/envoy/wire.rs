//! The frames of a protocol as far as the cases look into them, and what can be done to a call so that it
//! reads one way to a filter and another way to a server.

use std::ops::Range;

use anyhow::{Result, ensure};

use meshwire_support::peers::PeerKind;

/// Where things are in the frames of a protocol.
#[derive(Debug)]
pub(super) struct Wire {
    /// The bytes of the frame at the front; `None` if too few are there.
    pub(super) length: fn(&[u8]) -> Result<Option<usize>>,
    /// Whether a frame is a call.
    pub(super) is_call: fn(&[u8]) -> bool,
    id: Range<usize>,
    status: Range<usize>,
    /// Ways to make a call that cannot be judged.
    pub(super) tricks: &'static [Trick],
}

/// A way to make a call that a rule cannot be held against of one that it is about.
#[derive(Debug)]
pub(super) struct Trick {
    pub(super) name: &'static str,
    /// Why it is denied.
    pub(super) cause: &'static str,
    /// Makes it, if the call has a place for it.
    pub(super) edit: fn(&[u8]) -> Option<Vec<u8>>,
    /// The servers that serve it all the same, as the call that it was.
    pub(super) served_by: &'static [PeerKind],
}

impl Wire {
    /// The correlation id of a frame.
    pub(super) fn id<'f>(&self, frame: &'f [u8]) -> &'f [u8] {
        &frame[self.id.clone()]
    }

    /// The status of an answer.
    pub(super) fn status(&self, answer: &[u8]) -> u64 {
        let status = answer[self.status.clone()].iter();
        status.fold(0, |status, byte| status << 8 | u64::from(*byte))
    }
}

/// bolt v1, as `RpcCommandEncoder` of sofa-bolt writes it.
pub(super) const BOLT: Wire = Wire {
    length: bolt_length,
    is_call: |frame| frame[1] == 1 && frame[2..4] == [0, 1],
    id: 5..9,
    status: 10..12,
    tricks: &[
        Trick {
            name: "headers that end in the middle of a pair",
            cause: "unreadable",
            edit: |call| with_headers(call, b"", b"\0\0\0\x05k"),
            served_by: &[PeerKind::JavaBolt],
        },
        Trick {
            name: "another service before the service",
            cause: "ambiguous",
            edit: |call| with_headers(call, b"\0\0\0\x07service\0\0\0\x01x", b""),
            served_by: &[PeerKind::NodeBolt, PeerKind::JavaBolt, PeerKind::Python],
        },
    ],
};

const BOLT_REQUEST: usize = 22;
const BOLT_RESPONSE: usize = 20;

fn bolt_length(bytes: &[u8]) -> Result<Option<usize>> {
    let &[proto, kind, ..] = bytes else {
        return Ok(None);
    };
    ensure!(proto == 1 && kind < 3, "bytes that are not a frame of bolt");
    let fixed = if kind == 0 {
        BOLT_RESPONSE
    } else {
        BOLT_REQUEST
    };
    let Some(head) = bytes.get(..fixed) else {
        return Ok(None);
    };
    let parts = [
        number(head, fixed - 8..fixed - 6),
        number(head, fixed - 6..fixed - 4),
    ];
    let body = number(head, fixed - 4..fixed);
    Ok(Some(fixed + parts[0] + parts[1] + body))
}

/// A call of bolt with more bytes around those of its headers.
fn with_headers(call: &[u8], before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    let start = BOLT_REQUEST + number(call, 14..16);
    let len = number(call, 16..18);
    let (front, rest) = call.split_at_checked(start)?;
    let (headers, body) = rest.split_at_checked(len)?;
    let mut edited = [front, before, headers, after, body].concat();
    let len = u16::try_from(len + before.len() + after.len()).ok()?;
    edited[16..18].copy_from_slice(&len.to_be_bytes());
    Some(edited)
}

/// Dubbo, as `ExchangeCodec` and `DubboCodec` of Dubbo write it.
pub(super) const DUBBO: Wire = Wire {
    length: dubbo_length,
    is_call: |frame| frame[2] & 0xa0 == 0x80,
    id: 4..12,
    status: 3..4,
    tricks: &[
        Trick {
            name: "another path before that in the attachments",
            cause: "ambiguous",
            edit: with_another_path,
            // Dubbo 3.2 for Java wants to know the path at the front too, and believes the other.
            served_by: &[PeerKind::NodeDubbo],
        },
        Trick {
            name: "a serialization that is not known",
            cause: "unknown",
            edit: |call| {
                // fastjson.
                let mut call = call.to_vec();
                call[2] = call[2] & 0xe0 | 6;
                Some(call)
            },
            // None of them has it.
            served_by: &[],
        },
    ],
};

const DUBBO_HEAD: usize = 16;

fn dubbo_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(head) = bytes.get(..DUBBO_HEAD) else {
        return Ok(None);
    };
    ensure!(
        head[..2] == [0xda, 0xbb],
        "bytes that are not a frame of dubbo"
    );
    Ok(Some(DUBBO_HEAD + number(head, 12..16)))
}

/// A call of dubbo in hessian2 with another path at its front, the second of the strings there: each is
/// shorter than 32 bytes.
fn with_another_path(call: &[u8]) -> Option<Vec<u8>> {
    let path = DUBBO_HEAD + 1 + usize::from(*call.get(DUBBO_HEAD)?);
    let after = path + 1 + usize::from(*call.get(path)?);
    let rest = call.get(after..)?;
    // The path is there once more, after its key.
    let old = &call[path..after];
    let key = [&b"\x04path"[..], old].concat();
    rest.windows(key.len()).find(|window| *window == key)?;
    let mut edited = [&call[..path], b"\x01x", rest].concat();
    let len = u32::try_from(edited.len() - DUBBO_HEAD).ok()?;
    edited[12..16].copy_from_slice(&len.to_be_bytes());
    Some(edited)
}

/// An unsigned integer.
fn number(bytes: &[u8], at: Range<usize>) -> usize {
    let bytes = bytes[at].iter();
    bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Derived by hand from the layouts above.
    #[test]
    fn edited_calls_are_frames() {
        let bolt = b"\x01\x01\0\x01\x01\0\0\0\x07\x01\0\0\0\0\0\x01\0\x0d\0\0\0\x02c\0\0\0\x01k\0\0\0\x04vwxyhi";
        assert_eq!(bolt_length(bolt).unwrap(), Some(bolt.len()));
        assert!((BOLT.is_call)(bolt));
        assert_eq!(BOLT.id(bolt), [0, 0, 0, 7]);
        for trick in BOLT.tricks {
            let edited = (trick.edit)(bolt).unwrap();
            assert_eq!(bolt_length(&edited).unwrap(), Some(edited.len()));
            assert!(edited.len() > bolt.len() && edited.ends_with(b"hi"));
        }
        let body = b"\x052.0.2\x03a.S\x031.0\x04echo\0H\x04path\x03a.SZ";
        let head = b"\xda\xbb\xc2\0\0\0\0\0\0\0\0\x09\0\0\0";
        let dubbo = [&head[..], &[body.len() as u8], body].concat();
        assert_eq!(dubbo_length(&dubbo).unwrap(), Some(dubbo.len()));
        let edited = with_another_path(&dubbo).unwrap();
        assert_eq!(dubbo_length(&edited).unwrap(), Some(edited.len()));
        assert_eq!(edited[DUBBO_HEAD..][..8], *b"\x052.0.2\x01x");
    }

    #[test]
    fn an_answer_has_a_status() {
        let answer = b"\x01\0\0\x02\x01\0\0\0\x07\x01\0\x02\0\0\0\0\0\0\0\0";
        assert_eq!(bolt_length(answer).unwrap(), Some(answer.len()));
        assert!(!(BOLT.is_call)(answer));
        assert_eq!(BOLT.status(answer), 2);
    }
}
