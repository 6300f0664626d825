//! Bolt v1 as the load needs it: one request, its answer, and where a frame ends.

use anyhow::{Result, ensure};

/// The class and the headers of every frame.
const CLASS: &[u8] = b"com.example.EchoRequest";
const HEADERS: &[(&str, &str)] = &[("service", SERVICE), ("method", "echo")];
/// The service of every request.
pub(super) const SERVICE: &str = "com.example.EchoService:1.0";

const REQUEST_HEAD: usize = 22;
const RESPONSE_HEAD: usize = 20;
const ID: usize = 5;
/// Long enough for the slowest hop, in milliseconds.
const TIMEOUT: u32 = 60_000;

/// The length of the frame at the front of `bytes`, if enough of it is there.
///
/// # Errors
/// If it is not a frame.
pub(super) fn length(bytes: &[u8]) -> Result<Option<usize>> {
    let &[proto, kind, ..] = bytes else {
        return Ok(None);
    };
    ensure!(proto == 1 && kind < 2, "bytes that are not a frame arrive");
    let head = if kind == 0 {
        RESPONSE_HEAD
    } else {
        REQUEST_HEAD
    };
    let Some(lengths) = bytes.get(head - 8..head) else {
        return Ok(None);
    };
    let class = u16::from_be_bytes([lengths[0], lengths[1]]);
    let headers = u16::from_be_bytes([lengths[2], lengths[3]]);
    let body = u32::from_be_bytes([lengths[4], lengths[5], lengths[6], lengths[7]]);
    Ok(Some(
        head + usize::from(class) + usize::from(headers) + body as usize,
    ))
}

/// The id of a frame of which the head is there.
pub(super) fn id(frame: &[u8]) -> u32 {
    u32::from_be_bytes([frame[ID], frame[ID + 1], frame[ID + 2], frame[ID + 3]])
}

/// Appends the answer of an echo to a whole request.
pub(super) fn echo(request: &[u8], out: &mut Vec<u8>) {
    let heartbeat = request[3] == 0;
    // Protocol, type, command code, version; id and codec are those of the request.
    out.extend_from_slice(&[1, 0, 0, if heartbeat { 0 } else { 2 }, 1]);
    out.extend_from_slice(&request[ID..ID + 5]);
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&request[REQUEST_HEAD - 8..]);
}

/// Requests of one size. Each has a body of its own, so that an answer to another one is noticed.
#[derive(Debug)]
pub(super) struct Requests {
    /// Everything but the id and the body.
    front: Vec<u8>,
    /// Bodies are pieces of this.
    noise: Vec<u8>,
    body: usize,
}

/// How many different bodies there are: a prime, for neighbours to differ in any number of turns.
const BODIES: u32 = 4093;

impl Requests {
    /// Requests with bodies of `body` bytes.
    pub(super) fn new(body: usize) -> Self {
        let mut headers = Vec::new();
        for text in HEADERS.iter().flat_map(|(key, value)| [key, value]) {
            headers.extend_from_slice(&(text.len() as u32).to_be_bytes());
            headers.extend_from_slice(text.as_bytes());
        }
        // Protocol, type, command code, version, id, codec.
        let mut front = vec![1, 1, 0, 1, 1, 0, 0, 0, 0, 1];
        front.extend_from_slice(&TIMEOUT.to_be_bytes());
        front.extend_from_slice(&(CLASS.len() as u16).to_be_bytes());
        front.extend_from_slice(&(headers.len() as u16).to_be_bytes());
        front.extend_from_slice(&(body as u32).to_be_bytes());
        front.extend_from_slice(CLASS);
        front.extend_from_slice(&headers);
        Self {
            front,
            noise: noise(body + BODIES as usize),
            body,
        }
    }

    fn body(&self, id: u32) -> &[u8] {
        let start = (id.wrapping_mul(0x9e37_79b1) % BODIES) as usize;
        &self.noise[start..start + self.body]
    }

    /// Appends the request with this id.
    pub(super) fn write(&self, id: u32, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.front);
        out[start + ID..start + ID + 4].copy_from_slice(&id.to_be_bytes());
        out.extend_from_slice(self.body(id));
    }

    /// Compares a whole frame with the answer to the request with this id, byte for byte.
    ///
    /// # Errors
    /// If it is anything else, with the part that differs.
    pub(super) fn check(&self, id: u32, frame: &[u8]) -> Result<()> {
        let (kind, command, status) = (frame[1], frame[3], &frame[10..12]);
        ensure!(
            (kind, command) == (0, 2),
            "request {id} gets a frame that is not an answer"
        );
        ensure!(status == [0, 0], "request {id} gets the status {status:?}");
        let lengths_and_parts = &self.front[REQUEST_HEAD - 8..];
        let answered = &frame[RESPONSE_HEAD - 8..];
        ensure!(
            answered.len() == lengths_and_parts.len() + self.body,
            "the answer to request {id} has {} bytes",
            frame.len()
        );
        let (parts, body) = answered.split_at(lengths_and_parts.len());
        ensure!(
            parts == lengths_and_parts,
            "the answer to request {id} has another class or other headers"
        );
        ensure!(
            body == self.body(id),
            "the answer to request {id} has another body"
        );
        Ok(())
    }
}

/// Bytes without a pattern, always the same.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(length)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(requests: &Requests, id: u32) -> Vec<u8> {
        let (mut request, mut answer) = (Vec::new(), Vec::new());
        requests.write(id, &mut request);
        assert_eq!(request.len(), requests.front.len() + requests.body);
        assert_eq!(length(&request).unwrap(), Some(request.len()));
        echo(&request, &mut answer);
        answer
    }

    #[test]
    fn a_request_is_a_bolt_frame() {
        let mut request = Vec::new();
        Requests::new(3).write(7, &mut request);
        assert_eq!(request[..10], [1, 1, 0, 1, 1, 0, 0, 0, 7, 1]);
        assert_eq!(request[10..14], TIMEOUT.to_be_bytes());
        assert_eq!(request[14..22], [0, 23, 0, 60, 0, 0, 0, 3]);
        assert_eq!(&request[22..45], CLASS);
    }

    #[test]
    fn an_echo_passes_and_any_other_answer_does_not() {
        let requests = Requests::new(128);
        let good = answer(&requests, 7);
        assert_eq!((id(&good), length(&good).unwrap()), (7, Some(good.len())));
        requests.check(7, &good).unwrap();
        requests.check(8, &good).unwrap_err();
        // Type, command, status, a length, the class, a header, the body.
        for at in [1, 3, 11, 13, 20, 60, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(requests.check(7, &bad).is_err(), "byte {at}");
        }
        requests.check(7, &good[..good.len() - 1]).unwrap_err();
    }

    #[test]
    fn half_a_head_tells_nothing_and_garbage_is_refused() {
        let good = answer(&Requests::new(0), 1);
        for cut in 0..RESPONSE_HEAD {
            assert_eq!(length(&good[..cut]).unwrap(), None);
        }
        length(b"GET / HTTP/1.1").unwrap_err();
    }
}
