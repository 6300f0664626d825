//! The plugin's results as the host decodes them.

use meshwire::Bytes;

use super::headers::{self, Parsed};
use super::{Failure, HeaderList, HostPanic};

/// The host's result of a decode.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// The frame is not complete: the host decodes on the same context again when there are more bytes.
    NeedMore,
    /// A frame.
    Frame(DecodedFrame),
    /// The host closes the connection, or panics.
    Error(Failure),
}

impl Decoded {
    /// The frame, if it is complete; `None` if more bytes are needed.
    pub fn into_frame(self) -> Result<Option<DecodedFrame>, Failure> {
        match self {
            Self::NeedMore => Ok(None),
            Self::Frame(frame) => Ok(Some(frame)),
            Self::Error(failure) => Err(failure),
        }
    }
}

/// A frame as decoded by the host.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedFrame {
    /// The headers that routes and filters see, phantom ones included.
    pub headers: HeaderList,
    /// The flag byte as the plugin has set it.
    pub flag: u8,
    /// The correlation id.
    pub id: u64,
    /// Of a request, its timeout in milliseconds (read as a signed number); of a response, its
    /// status.
    pub word: u32,
    /// Bytes that the frame takes from the connection.
    pub drain: usize,
    /// The body that filters see, and that the host gives back on encode.
    pub body: Bytes,
    /// The bytes taken from the connection, which a hijack gets to see.
    pub raw: Bytes,
    /// Bytes of error text that the host's header parser has built and discarded: about 50 ns
    /// each. A fenced result makes it print none.
    pub printed: usize,
}

impl DecodedFrame {
    /// The two type bits of the flag: 0 response, 1 and 2 request.
    pub const fn type_bits(&self) -> u8 {
        self.flag >> 6
    }

    /// Whether the host takes the frame for a request.
    pub const fn is_request(&self) -> bool {
        self.type_bits() != 0
    }

    /// Whether the host takes the frame for a heartbeat, or for the answer to one.
    pub const fn is_heartbeat(&self) -> bool {
        self.flag & 0x20 != 0
    }

    /// The timeout of a request in milliseconds: 0 leaves it to the route, a negative number means
    /// none at all.
    #[expect(clippy::cast_possible_wrap, reason = "a negative timeout is a pattern")]
    pub const fn timeout(&self) -> i32 {
        self.word as i32
    }

    /// The status of a response, which the host passes on unread.
    pub const fn status(&self) -> u32 {
        self.word
    }

    /// Headers with an empty key, which the header parser makes of the bytes after the headers.
    pub fn phantoms(&self) -> usize {
        self.headers
            .iter()
            .filter(|(key, _)| key.is_empty())
            .count()
    }

    /// Reads buffer 13; `input` is what the connection holds.
    pub(super) fn read(result: &[u8], input: &[u8]) -> Result<Self, Failure> {
        let mut reader = Reader::open(result)?;
        let Parsed { headers, printed } = reader.headers()?;
        let flag = reader.bytes::<1>("flag")?[0];
        let id = u64::from_be_bytes(reader.bytes("id")?);
        if flag >> 6 == 3 {
            return Err(Failure::UnknownFlag(flag));
        }
        let word = u32::from_be_bytes(reader.bytes("timeout or status")?);
        let drain = u32::from_be_bytes(reader.bytes("drain length")?);
        let length = u32::from_be_bytes(reader.bytes("raw length")?);
        let body = Bytes::copy_from_slice(reader.slice("raw bytes", length)?);
        let Some(raw) = input.get(..drain as usize).filter(|raw| !raw.is_empty()) else {
            return Err(Failure::EndlessLoop {
                drain,
                available: input.len(),
            });
        };
        let raw = Bytes::copy_from_slice(raw);
        Ok(Self {
            headers,
            flag,
            id,
            word,
            drain: raw.len(),
            body,
            raw,
            printed,
        })
    }
}

/// Reads buffer 14: the bytes that go to the socket, and how much error text the header parser has
/// built.
pub(super) fn read_encoded(result: &[u8]) -> Result<(Bytes, usize), HostPanic> {
    let mut reader = Reader::open(result)?;
    // Parsed and thrown away, but parsed.
    let Parsed { printed, .. } = reader.headers()?;
    reader.bytes::<1>("flag")?;
    reader.bytes::<8>("id")?;
    reader.bytes::<4>("timeout or status")?;
    let length = u32::from_be_bytes(reader.bytes("length")?);
    let frame = Bytes::copy_from_slice(reader.slice("frame", length)?);
    Ok((frame, printed))
}

/// Reads a result, each field in its turn.
struct Reader<'r> {
    rest: &'r [u8],
}

impl<'r> Reader<'r> {
    fn open(result: &'r [u8]) -> Result<Self, HostPanic> {
        if result.is_empty() {
            Err(HostPanic::EmptyResult)
        } else {
            Ok(Self { rest: result })
        }
    }

    /// The header section, by its length, and what the parser makes of everything after it.
    fn headers(&mut self) -> Result<Parsed, HostPanic> {
        let length = u32::from_be_bytes(self.bytes("header length")?);
        let parsed = if length > 0 {
            headers::parse(self.rest)?
        } else {
            Parsed::default()
        };
        self.slice("headers", length)?;
        Ok(parsed)
    }

    fn bytes<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], HostPanic> {
        let (bytes, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(HostPanic::ShortResult(field))?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn slice(&mut self, field: &'static str, length: u32) -> Result<&'r [u8], HostPanic> {
        let parts = self.rest.split_at_checked(length as usize);
        let (bytes, rest) = parts.ok_or(HostPanic::ShortResult(field))?;
        self.rest = rest;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A response of 6 bytes with one header and an empty body; `flag` and `id` decide what the header parser
    /// runs into.
    fn result(flag: u8, id: u64) -> Vec<u8> {
        let mut out = Vec::new();
        HeaderList::from([("k", "v")]).write(&mut out);
        out.push(flag);
        out.extend_from_slice(&id.to_be_bytes());
        for word in [0_u32, 6, 2] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        out.extend_from_slice(b"hi");
        out
    }

    #[test]
    fn a_result_is_read_field_by_field() {
        let frame = DecodedFrame::read(&result(0x41, 7), b"rawrawnext").unwrap();
        assert_eq!(
            (frame.id, frame.word, frame.drain, frame.body.as_ref()),
            (7, 0, 6, &b"hi"[..])
        );
        assert_eq!(frame.raw, b"rawraw"[..]);
        assert!(frame.is_request() && !frame.is_heartbeat());
        assert!(
            frame.printed > 0,
            "a result without a fence costs an error text"
        );
    }

    #[test]
    fn small_flags_make_phantom_headers_and_panics() {
        // The numbers of H2: a body of R = 2 bytes.
        let read = |id| DecodedFrame::read(&result(0, id), b"rawraw");
        assert_eq!(read(1).unwrap().phantoms(), 1);
        assert_eq!(read(1).unwrap().headers.get(""), Some(&b""[..]));
        for id in (2304..2560).chain(12 * 256..15 * 256) {
            assert!(
                matches!(
                    read(id),
                    Err(Failure::HostPanic(HostPanic::HeaderParser { .. }))
                ),
                "id {id}"
            );
        }
        for id in [2303, 2560, 16 * 256 - 1] {
            assert_eq!(read(id).map(|frame| frame.phantoms()), Ok(1), "id {id}");
        }
        assert_eq!(
            read(256 * 16).map(|frame| frame.phantoms()),
            Ok(0),
            "beyond 256·(R + 14)"
        );
    }

    #[test]
    fn every_cut_of_a_result_is_a_panic() {
        let whole = result(0x41, 7);
        assert_eq!(
            DecodedFrame::read(&[], b"rawraw"),
            Err(HostPanic::EmptyResult.into())
        );
        for cut in 1..whole.len() {
            let failure = DecodedFrame::read(&whole[..cut], b"rawraw").unwrap_err();
            assert!(
                matches!(failure, Failure::HostPanic(_)),
                "cut at {cut}: {failure}"
            );
        }
    }

    #[test]
    fn a_frame_of_no_bytes_or_too_many_is_an_endless_loop() {
        let failure = DecodedFrame::read(&result(0x41, 7), b"raw").unwrap_err();
        assert_eq!(
            failure,
            Failure::EndlessLoop {
                drain: 6,
                available: 3
            }
        );
    }

    #[test]
    fn an_encode_result_has_one_length() {
        let mut result = vec![0; 17];
        assert_eq!(read_encoded(&result), Err(HostPanic::ShortResult("length")));
        result.extend_from_slice(b"\0\0\0\x02hi, ignored");
        assert_eq!(read_encoded(&result), Ok((Bytes::from_static(b"hi"), 0)));
        assert_eq!(read_encoded(&[]), Err(HostPanic::EmptyResult));
    }
}
