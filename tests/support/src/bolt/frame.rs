//! A frame of bolt v1.

use std::io::{self, Read};

use anyhow::{Result, bail};

/// The largest frame that a peer here accepts.
const MAX: usize = 64 * 1024 * 1024;
/// `cmd_code` of a heartbeat and of its answer.
const HEARTBEAT: u16 = 0;
const SOFA_REQUEST: &str = "com.alipay.sofa.rpc.core.request.SofaRequest";
const SOFA_RESPONSE: &str = "com.alipay.sofa.rpc.core.response.SofaResponse";

/// What byte 1 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// The end of a call.
    Response,
    /// A call.
    Request,
    /// A one-way call.
    OneWay,
}

/// What a response says of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub u16);

impl Status {
    /// The call went well.
    pub const OK: Self = Self(0);
    /// It did not, for a reason that has no number.
    pub const ERROR: Self = Self(3);
    /// The server threw.
    pub const SERVER_EXCEPTION: Self = Self(2);
    /// There are too many calls.
    pub const BUSY: Self = Self(4);
    /// No server for this.
    pub const NO_PROCESSOR: Self = Self(6);
    /// No answer came in time.
    pub const TIMEOUT: Self = Self(7);
}

/// A frame, every field as on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Request, one-way request or response.
    pub kind: MessageKind,
    /// 0 heartbeat, 1 call, 2 answer.
    pub code: u16,
    /// Pairs request and response.
    pub id: u32,
    /// How the body is serialised.
    pub codec: u8,
    /// Milliseconds; of requests only.
    pub timeout: i32,
    /// Of responses only.
    pub status: Status,
    /// What the body holds.
    pub class: String,
    /// In the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Frame {
    /// A call of the service that every server here has.
    pub fn request(id: u32, body: impl Into<Vec<u8>>) -> Self {
        let service = ("service".to_owned(), "test.EchoService:1.0".to_owned());
        Self {
            kind: MessageKind::Request,
            code: 1,
            id,
            codec: 1,
            timeout: 8000,
            status: Status::OK,
            class: SOFA_REQUEST.to_owned(),
            headers: vec![service],
            body: body.into(),
        }
    }

    /// The same without an answer.
    pub fn one_way(id: u32, body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: MessageKind::OneWay,
            ..Self::request(id, body)
        }
    }

    /// A client's question whether the other side is there.
    pub fn heartbeat(id: u32) -> Self {
        Self {
            code: HEARTBEAT,
            timeout: -1,
            class: String::new(),
            headers: Vec::new(),
            ..Self::request(id, "")
        }
    }

    /// The answer to this request, with its body.
    #[must_use]
    pub fn echo(&self) -> Self {
        let error = ("sofa_head_response_error".to_owned(), "false".to_owned());
        Self {
            kind: MessageKind::Response,
            code: 2,
            timeout: 0,
            status: Status::OK,
            class: SOFA_RESPONSE.to_owned(),
            headers: vec![error],
            ..self.clone()
        }
    }

    /// The answer to this heartbeat.
    #[must_use]
    pub fn ack(&self) -> Self {
        Self {
            code: HEARTBEAT,
            class: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            ..self.echo()
        }
    }

    /// With a timeout in milliseconds.
    #[must_use]
    pub fn timeout(self, millis: i32) -> Self {
        Self {
            timeout: millis,
            ..self
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of the first header of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Whether it is a heartbeat, or the answer to one.
    pub fn is_heartbeat(&self) -> bool {
        self.code == HEARTBEAT
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let kind = match self.kind {
            MessageKind::Response => 0,
            MessageKind::Request => 1,
            MessageKind::OneWay => 2,
        };
        let mut headers = Vec::new();
        for text in self.headers.iter().flat_map(|(key, value)| [key, value]) {
            headers.extend((text.len() as u32).to_be_bytes());
            headers.extend(text.bytes());
        }
        let mut out = vec![1, kind];
        out.extend(self.code.to_be_bytes());
        out.push(1);
        out.extend(self.id.to_be_bytes());
        out.push(self.codec);
        if self.kind == MessageKind::Response {
            out.extend(self.status.0.to_be_bytes());
        } else {
            out.extend(self.timeout.to_be_bytes());
        }
        out.extend((self.class.len() as u16).to_be_bytes());
        out.extend((headers.len() as u16).to_be_bytes());
        out.extend((self.body.len() as u32).to_be_bytes());
        out.extend(self.class.bytes());
        out.extend(headers);
        out.extend(&self.body);
        out
    }

    /// The next frame of a connection; `None` at its end.
    ///
    /// # Errors
    /// If the connection fails or ends in a frame, or what comes is not a frame of bolt v1.
    pub fn read(from: &mut impl Read) -> Result<Option<Self>> {
        let mut first = [0; 1];
        loop {
            match from.read(&mut first) {
                Ok(0) => return Ok(None),
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut head = Head { from };
        let ([1], [kind]) = (first, head.take::<1>()?) else {
            bail!("byte {:#04x} at the start of a frame", first[0]);
        };
        let kind = match kind {
            0 => MessageKind::Response,
            1 => MessageKind::Request,
            2 => MessageKind::OneWay,
            other => bail!("a frame of kind {other}"),
        };
        let code = u16::from_be_bytes(head.take()?);
        let [version] = head.take()?;
        if version != 1 {
            bail!("a frame of version {version}");
        }
        let id = u32::from_be_bytes(head.take()?);
        let [codec] = head.take()?;
        let (mut timeout, mut status) = (0, Status::OK);
        if kind == MessageKind::Response {
            status = Status(u16::from_be_bytes(head.take()?));
        } else {
            timeout = i32::from_be_bytes(head.take()?);
        }
        let class = u16::from_be_bytes(head.take()?);
        let headers = u16::from_be_bytes(head.take()?);
        let body = u32::from_be_bytes(head.take()?);
        Ok(Some(Self {
            kind,
            code,
            id,
            codec,
            timeout,
            status,
            class: text(&head.bytes(class.into())?)?,
            headers: pairs(&head.bytes(headers.into())?)?,
            body: head.bytes(body as usize)?,
        }))
    }
}

struct Head<'a, R> {
    from: &'a mut R,
}

impl<R: Read> Head<'_, R> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>> {
        if count > MAX {
            bail!("a frame announces {count} bytes");
        }
        let mut bytes = vec![0; count];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn text(bytes: &[u8]) -> Result<String> {
    Ok(std::str::from_utf8(bytes)?.to_owned())
}

fn pairs(mut block: &[u8]) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    while !block.is_empty() {
        let mut next = || -> Result<String> {
            let mut head = Head { from: &mut block };
            let count = u32::from_be_bytes(head.take()?);
            text(&head.bytes(count as usize)?)
        };
        pairs.push((next()?, next()?));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A heartbeat that a Java client sent, and what its server answered.
    const BEAT: &str = "01010000010000001a01ffffffff0000000000000000";
    const ACK: &str = "01000000010000001a0100000000000000000000";

    fn bytes(hex: &str) -> Vec<u8> {
        let pair = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(pair).collect()
    }

    fn read(bytes: &[u8]) -> Frame {
        Frame::read(&mut &bytes[..]).unwrap().unwrap()
    }

    #[test]
    fn what_java_sends_is_what_is_sent_here() {
        assert_eq!(Frame::heartbeat(26).bytes(), bytes(BEAT));
        assert_eq!(read(&bytes(BEAT)), Frame::heartbeat(26));
        assert_eq!(Frame::heartbeat(26).ack().bytes(), bytes(ACK));
    }

    #[test]
    fn frames_come_back_as_they_went() {
        for frame in [
            Frame::request(7, "body")
                .header("a", "")
                .header("a", "b")
                .timeout(-1),
            Frame::one_way(u32::MAX, vec![0; 70_000]),
            Frame::request(9, "x").echo(),
        ] {
            assert_eq!(read(&frame.bytes()), frame);
        }
        let frame = Frame::request(7, "body").header("a", "b");
        assert_eq!((frame.value("a"), frame.value("b")), (Some("b"), None));
    }

    #[test]
    fn the_end_and_half_a_frame_are_told_apart() {
        assert!(Frame::read(&mut &b""[..]).unwrap().is_none());
        let bytes = Frame::request(7, "body").bytes();
        assert!(Frame::read(&mut &bytes[..bytes.len() - 1]).is_err());
        assert!(Frame::read(&mut &b"GET / HTTP/1.1"[..]).is_err());
    }
}
