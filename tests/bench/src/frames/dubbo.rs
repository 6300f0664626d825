//! Dubbo with hessian2: a call of `echo` with one array of bytes. The parts of its body, and the attachments that it
//! has, are those of `examples/dubbo/vectors/java_echo_request.hex`.

use anyhow::{Context, Result, ensure};

use super::{SERVICE, TIMEOUT};

const HEAD: usize = 16;
/// Where the last four of the eight bytes of the id are.
pub(super) const ID: usize = 8;
const MAGIC: [u8; 2] = [0xda, 0xbb];
/// Flags: a request with an answer; an event; hessian2.
const REQUEST: u8 = 0x80 | 0x40;
const EVENT: u8 = 0x20;
const HESSIAN2: u8 = 2;
/// The status of an answer that is one.
const OK: u8 = 20;
/// What an answer begins with if a value follows.
const VALUE: u8 = 0x91;
/// A value that is none.
const NULL: u8 = b'N';
/// How many bytes an encoder writes as one piece.
const CHUNK: usize = 4096;
/// Framework, service, version, method, types of the arguments.
const PARTS: [&str; 5] = ["2.0.2", SERVICE, "1.0", "echo", "[B"];

/// The length of the frame at the front of `bytes`, if enough of it is there.
pub(super) fn length(bytes: &[u8]) -> Result<Option<usize>> {
    let magic = bytes.len().min(MAGIC.len());
    ensure!(
        bytes[..magic] == MAGIC[..magic],
        "bytes that are not a frame arrive"
    );
    let Some(head) = bytes.get(..HEAD) else {
        return Ok(None);
    };
    let body = u32::from_be_bytes([head[12], head[13], head[14], head[15]]);
    Ok(Some(HEAD + body as usize))
}

/// Appends the answer of an echo to a whole request.
pub(super) fn echo(request: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let event = request[2] & EVENT;
    let body = &request[HEAD..];
    let value = if event == 0 { argument(body)? } else { &[NULL] };
    let marked = usize::from(event == 0);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[event | HESSIAN2, OK]);
    out.extend_from_slice(&request[4..12]);
    out.extend_from_slice(&((value.len() + marked) as u32).to_be_bytes());
    out.extend_from_slice(&[VALUE][..marked]);
    out.extend_from_slice(value);
    Ok(())
}

/// The argument of a call, as it is written.
fn argument(body: &[u8]) -> Result<&[u8]> {
    let mut at = 0;
    for _ in PARTS {
        at += 1 + usize::from(*body.get(at).context("a call without its method")?);
    }
    let start = at;
    while let Some(&mark) = body.get(at) {
        let (data, last) = piece(body, at, mark).context("a call with another argument")?;
        at = data.end;
        if last {
            return body.get(start..at).context("half of an argument");
        }
    }
    anyhow::bail!("a call without its argument")
}

/// Where the bytes of a piece of an array are, and whether it is the last one.
fn piece(body: &[u8], at: usize, mark: u8) -> Option<(std::ops::Range<usize>, bool)> {
    let byte = |at: usize| body.get(at).map(|byte| usize::from(*byte));
    let (start, length) = match mark {
        0x20..=0x2f => (at + 1, usize::from(mark - 0x20)),
        0x34..=0x37 => (at + 2, usize::from(mark - 0x34) << 8 | byte(at + 1)?),
        b'A' | b'B' => (at + 3, byte(at + 1)? << 8 | byte(at + 2)?),
        _ => return None,
    };
    Some((start..start + length, mark != b'A'))
}

/// Appends an array of bytes.
pub(super) fn chunks(bytes: &[u8], out: &mut Vec<u8>) {
    let (pieces, last) = split(bytes);
    for piece in pieces {
        out.push(b'A');
        out.extend_from_slice(&(CHUNK as u16).to_be_bytes());
        out.extend_from_slice(piece);
    }
    let length = last.len() as u16;
    match length {
        0..=15 => out.push(0x20 + length as u8),
        16..=1023 => out.extend_from_slice(&(0x3400 | length).to_be_bytes()),
        _ => {
            out.push(b'B');
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(last);
}

/// The pieces but for the last one, which is no longer than they are.
fn split(bytes: &[u8]) -> (std::slice::ChunksExact<'_, u8>, &[u8]) {
    let pieces = bytes.chunks_exact(CHUNK);
    let last = pieces.remainder();
    (pieces, last)
}

/// Whether an array is written here, and it is this one.
pub(super) fn are_chunks_of(mut written: &[u8], mut bytes: &[u8]) -> bool {
    while let Some(&mark) = written.first() {
        let Some((data, last)) = piece(written, 0, mark) else {
            return false;
        };
        let (end, length) = (data.end, data.len());
        let (Some(found), Some(wanted)) = (written.get(data), bytes.get(..length)) else {
            return false;
        };
        if found != wanted {
            return false;
        }
        (written, bytes) = (&written[end..], &bytes[length..]);
        if last {
            return written.is_empty() && bytes.is_empty();
        }
    }
    false
}

/// A request before its argument and behind it, without an id.
pub(super) fn around(argument: usize) -> (Vec<u8>, Vec<u8>) {
    let mut end = vec![b'H'];
    let timeout = TIMEOUT.to_string();
    for (key, value) in [
        ("path", SERVICE),
        ("remote.application", "echo-app"),
        ("interface", SERVICE),
        ("version", "1.0"),
        ("timeout", &timeout),
    ] {
        text(key, &mut end);
        text(value, &mut end);
    }
    end.push(b'Z');

    let mut parts = Vec::new();
    for part in PARTS {
        text(part, &mut parts);
    }
    let mut written = Vec::new();
    chunks(&vec![0; argument], &mut written);
    let body = parts.len() + written.len() + end.len();

    let mut front = MAGIC.to_vec();
    front.extend_from_slice(&[REQUEST | HESSIAN2, 0]);
    front.extend_from_slice(&[0; 8]);
    front.extend_from_slice(&(body as u32).to_be_bytes());
    front.extend_from_slice(&parts);
    (front, end)
}

/// Appends a text of less than 32 characters of ASCII.
fn text(text: &str, out: &mut Vec<u8>) {
    debug_assert!(text.len() < 32 && text.is_ascii());
    out.push(text.len() as u8);
    out.extend_from_slice(text.as_bytes());
}

/// The value of the answer to a request, as it is written.
pub(super) fn answered(id: u32, frame: &[u8]) -> Result<&[u8]> {
    ensure!(
        frame[2] == HESSIAN2 && frame[4..ID] == [0; 4],
        "request {id} gets a frame that is not an answer"
    );
    let status = frame[3];
    ensure!(status == OK, "request {id} gets the status {status}");
    let (mark, value) = frame[HEAD..].split_first().context("an empty answer")?;
    ensure!(*mark == VALUE, "the answer to request {id} has no value");
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::super::{Protocol, Requests};
    use super::*;

    #[test]
    fn a_request_is_a_dubbo_frame() {
        let mut request = Vec::new();
        Requests::new(Protocol::Dubbo, 3).write(7, &mut request);
        assert_eq!(request[..4], [0xda, 0xbb, 0xc2, 0]);
        assert_eq!(request[4..12], [0, 0, 0, 0, 0, 0, 0, 7]);
        assert_eq!(request[12..16], (request.len() as u32 - 16).to_be_bytes());
        // As in the capture: each text with its length, then the argument, then the attachments.
        assert_eq!(&request[16..23], b"\x052.0.2\x1b");
        assert_eq!(&request[50..63], b"\x031.0\x04echo\x02[B\x23");
        assert_eq!(&request[66..72], b"H\x04path");
        assert_eq!(request.last(), Some(&b'Z'));
    }

    #[test]
    fn an_array_has_pieces_and_a_last_one() {
        for (length, written) in [
            (0, vec![0x20]),
            (15, vec![0x2f]),
            (16, vec![0x34, 16]),
            (1023, vec![0x37, 255]),
            (1024, vec![b'B', 4, 0]),
        ] {
            let mut out = Vec::new();
            chunks(&vec![9; length], &mut out);
            assert_eq!(out[..written.len()], written, "{length}");
            assert_eq!(out.len(), written.len() + length);
        }
        let mut out = Vec::new();
        chunks(&[9; CHUNK + 1], &mut out);
        assert_eq!(out[..3], [b'A', 0x10, 0]);
        assert_eq!(out[3 + CHUNK..], [0x21, 9]);
        assert!(are_chunks_of(&out, &[9; CHUNK + 1]));
        assert!(!are_chunks_of(&out, &[9; CHUNK]));
        assert!(!are_chunks_of(&out[..out.len() - 1], &[9; CHUNK + 1]));
        assert!(!are_chunks_of(&[], &[]));
    }

    #[test]
    fn an_answer_differs_from_others_in_every_part() {
        let requests = Requests::new(Protocol::Dubbo, 128);
        let good = super::super::tests::answer(&requests, 7);
        // Flags, status, the id's upper half, the mark of a value, that of the array, the bytes.
        for at in [2, 3, 4, 16, 17, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            assert!(requests.check(7, &bad).is_err(), "byte {at}");
        }
    }

    #[test]
    fn an_edited_request_is_answered_too() {
        let requests = Requests::new(Protocol::Dubbo, 5000);
        let mut request = Vec::new();
        requests.write(7, &mut request);
        request.pop();
        text("x-edited", &mut request);
        text("1", &mut request);
        request.push(b'Z');
        let body = (request.len() - HEAD) as u32;
        request[12..16].copy_from_slice(&body.to_be_bytes());
        let mut answer = Vec::new();
        echo(&request, &mut answer).unwrap();
        requests.check(7, &answer).unwrap();
        echo(&request[..40], &mut answer).unwrap_err();
        echo(&request[..2000], &mut answer).unwrap_err();
    }
}
