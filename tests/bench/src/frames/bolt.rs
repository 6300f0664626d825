//! Bolt, both versions. The layouts are those of `examples/bolt` and `examples/boltv2`.

use anyhow::{Result, ensure};

use super::TIMEOUT;

/// The class and the headers of every frame.
const CLASS: &[u8] = b"com.example.EchoRequest";
const HEADERS: &[(&str, &str)] = &[("service", SERVICE), ("method", "echo")];
/// The service of every request.
pub(in super::super) const SERVICE: &str = "com.example.EchoService:1.0";

/// A version of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// The first byte of a frame.
    proto: u8,
    /// What the second version has more: its number at the front, its switches behind the codec.
    more: usize,
}

pub(super) const V1: Version = Version { proto: 1, more: 0 };
pub(super) const V2: Version = Version { proto: 2, more: 1 };

impl Version {
    const fn request_head(self) -> usize {
        22 + 2 * self.more
    }

    const fn response_head(self) -> usize {
        20 + 2 * self.more
    }

    /// Where type, command code and version of the command are: 1, 2 and 1 bytes.
    const fn kind(self) -> usize {
        1 + self.more
    }

    /// Where the id is.
    pub(super) const fn id(self) -> usize {
        5 + self.more
    }

    /// Where the timeout or the status is: the codec, and of the second version the switches, are before it.
    const fn word(self) -> usize {
        10 + 2 * self.more
    }

    /// The length of the frame at the front of `bytes`, if enough of it is there.
    pub(super) fn length(self, bytes: &[u8]) -> Result<Option<usize>> {
        let (Some(proto), Some(kind)) = (bytes.first(), bytes.get(self.kind())) else {
            return Ok(None);
        };
        ensure!(
            *proto == self.proto && *kind < 2,
            "bytes that are not a frame arrive"
        );
        let head = match kind {
            0 => self.response_head(),
            _ => self.request_head(),
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

    /// Appends the answer of an echo to a whole request.
    pub(super) fn echo(self, request: &[u8], out: &mut Vec<u8>) {
        let heartbeat = request[self.kind() + 2] == 0;
        out.extend_from_slice(&request[..self.kind()]);
        // Type, command code, version; id, codec and switches are those of the request.
        out.extend_from_slice(&[0, 0, if heartbeat { 0 } else { 2 }, 1]);
        out.extend_from_slice(&request[self.id()..self.word()]);
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&request[self.request_head() - 8..]);
    }

    /// A request but for its id and its body.
    pub(super) fn front(self, body: usize) -> Vec<u8> {
        let mut headers = Vec::new();
        for text in HEADERS.iter().flat_map(|(key, value)| [key, value]) {
            headers.extend_from_slice(&(text.len() as u32).to_be_bytes());
            headers.extend_from_slice(text.as_bytes());
        }
        let mut front = vec![self.proto];
        front.resize(self.kind(), 1);
        // Type, command code, version, id, codec; no switches.
        front.extend_from_slice(&[1, 0, 1, 1, 0, 0, 0, 0, 1]);
        front.resize(self.word(), 0);
        front.extend_from_slice(&TIMEOUT.to_be_bytes());
        front.extend_from_slice(&(CLASS.len() as u16).to_be_bytes());
        front.extend_from_slice(&(headers.len() as u16).to_be_bytes());
        front.extend_from_slice(&(body as u32).to_be_bytes());
        front.extend_from_slice(CLASS);
        front.extend_from_slice(&headers);
        front
    }

    /// The body of the answer to the request that has this front and a body of this length.
    pub(super) fn answered<'a>(
        self,
        id: u32,
        front: &[u8],
        body: usize,
        frame: &'a [u8],
    ) -> Result<&'a [u8]> {
        let (kind, word) = (self.kind(), self.word());
        ensure!(
            (frame[kind], frame[kind + 2]) == (0, 2),
            "request {id} gets a frame that is not an answer"
        );
        let status = &frame[word..word + 2];
        ensure!(status == [0, 0], "request {id} gets the status {status:?}");
        let lengths_and_parts = &front[self.request_head() - 8..];
        let answered = &frame[self.response_head() - 8..];
        ensure!(
            answered.len() == lengths_and_parts.len() + body,
            "the answer to request {id} has {} bytes",
            frame.len()
        );
        let (parts, body) = answered.split_at(lengths_and_parts.len());
        ensure!(
            parts == lengths_and_parts,
            "the answer to request {id} has another class or other headers"
        );
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Protocol, Requests};
    use super::*;

    #[test]
    fn a_request_is_a_frame_of_its_version() {
        let mut request = Vec::new();
        Requests::new(Protocol::Bolt, 3).write(7, &mut request);
        assert_eq!(request[..10], [1, 1, 0, 1, 1, 0, 0, 0, 7, 1]);
        assert_eq!(request[10..14], TIMEOUT.to_be_bytes());
        assert_eq!(request[14..22], [0, 23, 0, 60, 0, 0, 0, 3]);
        assert_eq!(&request[22..45], CLASS);

        request.clear();
        Requests::new(Protocol::Boltv2, 3).write(7, &mut request);
        assert_eq!(request[..12], [2, 1, 1, 0, 1, 1, 0, 0, 0, 7, 1, 0]);
        assert_eq!(request[12..16], TIMEOUT.to_be_bytes());
        assert_eq!(request[16..24], [0, 23, 0, 60, 0, 0, 0, 3]);
        assert_eq!(&request[24..47], CLASS);
    }

    #[test]
    fn an_answer_differs_from_others_in_every_part() {
        for (protocol, version) in [(Protocol::Bolt, V1), (Protocol::Boltv2, V2)] {
            let requests = Requests::new(protocol, 128);
            let good = super::super::tests::answer(&requests, 7);
            let more = version.more;
            // Type, command, status, a length, the class, a header, the body.
            for at in [
                1 + more,
                3 + more,
                11 + 2 * more,
                13,
                24,
                64,
                good.len() - 1,
            ] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                assert!(requests.check(7, &bad).is_err(), "{protocol:?}: byte {at}");
            }
        }
    }
}
