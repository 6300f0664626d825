//! The frames of the load, by protocol: one request, its answer, and where a frame ends.

mod bolt;
mod dubbo;

use anyhow::{Result, ensure};
use clap::ValueEnum;

pub(super) use self::bolt::SERVICE;

/// Long enough for the slowest hop, in milliseconds.
const TIMEOUT: u32 = 60_000;

/// What the load speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Protocol {
    /// Version 1: fixed front, class, headers, body
    Bolt,
    /// Version 2 without a checksum: two bytes more at the front
    Boltv2,
    /// Dubbo with hessian2: service and method at the front of the body, attachments at its end
    Dubbo,
}

impl Protocol {
    /// For the command line, for files and for MOSN.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bolt => "bolt",
            Self::Boltv2 => "boltv2",
            Self::Dubbo => "dubbo",
        }
    }

    /// The length of the frame at the front of `bytes`, if enough of it is there.
    ///
    /// # Errors
    /// If it is not a frame.
    pub(super) fn length(self, bytes: &[u8]) -> Result<Option<usize>> {
        match self {
            Self::Bolt => bolt::V1.length(bytes),
            Self::Boltv2 => bolt::V2.length(bytes),
            Self::Dubbo => dubbo::length(bytes),
        }
    }

    /// The id of a frame of which the head is there.
    pub(super) fn id(self, frame: &[u8]) -> u32 {
        let at = self.id_at();
        u32::from_be_bytes([frame[at], frame[at + 1], frame[at + 2], frame[at + 3]])
    }

    /// Where the last four bytes of an id are: those before them, if any, are 0.
    fn id_at(self) -> usize {
        match self {
            Self::Bolt => bolt::V1.id(),
            Self::Boltv2 => bolt::V2.id(),
            Self::Dubbo => dubbo::ID,
        }
    }

    /// Appends the answer of an echo to a whole request.
    ///
    /// # Errors
    /// If it is not a request of the load.
    pub(super) fn echo(self, request: &[u8], out: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Bolt => bolt::V1.echo(request, out),
            Self::Boltv2 => bolt::V2.echo(request, out),
            Self::Dubbo => return dubbo::echo(request, out),
        }
        Ok(())
    }
}

/// Requests of one size. Each has a body of its own, so that an answer to another one is noticed.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) protocol: Protocol,
    /// Everything before the body but the id.
    front: Vec<u8>,
    /// Everything behind the body.
    end: Vec<u8>,
    /// Bodies are pieces of this.
    noise: Vec<u8>,
    body: usize,
}

/// How many different bodies there are: a prime, for neighbours to differ in any number of turns.
const BODIES: u32 = 4093;

impl Requests {
    /// Requests with bodies of `body` bytes.
    pub(super) fn new(protocol: Protocol, body: usize) -> Self {
        let (front, end) = match protocol {
            Protocol::Bolt => (bolt::V1.front(body), Vec::new()),
            Protocol::Boltv2 => (bolt::V2.front(body), Vec::new()),
            Protocol::Dubbo => dubbo::around(body),
        };
        Self {
            protocol,
            front,
            end,
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
        let at = out.len() + self.protocol.id_at();
        out.extend_from_slice(&self.front);
        out[at..at + 4].copy_from_slice(&id.to_be_bytes());
        match self.protocol {
            Protocol::Dubbo => dubbo::chunks(self.body(id), out),
            Protocol::Bolt | Protocol::Boltv2 => out.extend_from_slice(self.body(id)),
        }
        out.extend_from_slice(&self.end);
    }

    /// Compares a whole frame with the answer to the request with this id, byte for byte.
    ///
    /// # Errors
    /// If it is anything else, with the part that differs.
    pub(super) fn check(&self, id: u32, frame: &[u8]) -> Result<()> {
        let body = match self.protocol {
            Protocol::Bolt => bolt::V1.answered(id, &self.front, self.body, frame)?,
            Protocol::Boltv2 => bolt::V2.answered(id, &self.front, self.body, frame)?,
            Protocol::Dubbo => {
                let value = dubbo::answered(id, frame)?;
                return ensure_same(id, dubbo::are_chunks_of(value, self.body(id)));
            }
        };
        ensure_same(id, body == self.body(id))
    }
}

fn ensure_same(id: u32, same: bool) -> Result<()> {
    ensure!(same, "the answer to request {id} has another body");
    Ok(())
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

    pub(super) fn answer(requests: &Requests, id: u32) -> Vec<u8> {
        let (protocol, mut request, mut answer) = (requests.protocol, Vec::new(), Vec::new());
        requests.write(id, &mut request);
        assert_eq!(protocol.length(&request).unwrap(), Some(request.len()));
        assert_eq!(protocol.id(&request), id);
        protocol.echo(&request, &mut answer).unwrap();
        answer
    }

    #[test]
    fn an_echo_passes_and_any_other_answer_does_not() {
        for protocol in Protocol::value_variants() {
            for body in [0, 128, 5000, 100_000] {
                let requests = Requests::new(*protocol, body);
                let good = answer(&requests, 7);
                assert_eq!(protocol.id(&good), 7);
                assert_eq!(protocol.length(&good).unwrap(), Some(good.len()));
                requests.check(7, &good).unwrap();
                if body > 0 {
                    requests.check(8, &good).unwrap_err();
                }
                requests.check(7, &good[..good.len() - 1]).unwrap_err();
                let mut bad = good.clone();
                *bad.last_mut().unwrap() ^= 1;
                requests.check(7, &bad).unwrap_err();
            }
        }
    }

    #[test]
    fn half_a_head_tells_nothing_and_garbage_is_refused() {
        for protocol in Protocol::value_variants() {
            let good = answer(&Requests::new(*protocol, 0), 1);
            for cut in 0..16 {
                assert_eq!(protocol.length(&good[..cut]).unwrap(), None, "{protocol:?}");
            }
            protocol.length(b"GET / HTTP/1.1").unwrap_err();
        }
    }
}
