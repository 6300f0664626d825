//! What a tars packet says, and how it is written again.

mod parts;
mod refusal;
mod rewrite;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Headers, Template};
use meshwire::{MessageKind, Timeout};

pub(crate) use refusal::refusal;

use parts::{Parts, Shape, tag};

/// A tars packet: what is after the length of a frame.
///
/// It says everything there is to say of a frame, for
/// `#[frame(with = Packet, kind, id, timeout, status, headers, body)]`. The layouts are those of
/// `RequestF.tars`; the type of tag 5 distinguishes them, a string in a request, an integer in a response.
///
/// | | request | response |
/// | --- | --- | --- |
/// | kind | one-way if `cPacketType` (tag 2) is 1 | |
/// | id | `iRequestId`, tag 4 | tag 3 |
/// | timeout | `iTimeout`, tag 8; a number that is not positive says nothing | |
/// | status | | `iRet`, tag 5 |
/// | headers | `service` (`sServantName`, tag 5), `method` (`sFuncName`, tag 6), `context` (tag 9) | `context` (tag 9) |
/// | body | the bytes of `sBuffer`, tag 7 | tag 6 |
///
/// The fields are read in the order of their tags; a known one after a higher tag, where no reader finds it, is
/// malformed. A changed value is written in the narrowest type that holds it; everything else stays byte for byte
/// as it came, fields of other tags too. The maps `status` (tags 10 and 7) are not headers: they hold what
/// tars itself passes on. A `sBuffer` that comes as a list of integers, which readers have to accept and
/// no peer writes, is not a body; a body that is set takes its place.
///
/// `tars_ping` is a call as any other: it names a servant, so it finds its way to a server, which answers
/// in the version of the call. A mesh that answered it would speak for a servant that it does not know.
///
/// A server of TUP (`iVersion` 2 or 3) answers with the layout of a request. It is a response if there
/// is a result code in its `status` (`STATUS_RESULT_CODE`, the status), as node servers and failures of
/// C++ servers have it, or if it names neither servant nor function, as of Go servers. The answers of
/// C++ servers to calls that went well repeat both names and have no code: nothing distinguishes them from
/// requests.
#[derive(Debug)]
pub struct Packet;

impl PayloadCodec for Packet {
    type Inputs = ();

    const LARGEST_ID: u64 = 0xffff_ffff;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let mut parts = Parts::new(region);
        parts.read()?;
        let kind = parts.kind()?;
        Ok(PayloadMetadata {
            kind,
            id: PayloadId::Number(parts.id()?.into()),
            timeout: match kind {
                MessageKind::Response => Timeout::Unset,
                _ => Timeout::from_positive_millis(parts.int(tag::TIMEOUT)?.into()),
            },
            status: match kind {
                MessageKind::Response => parts.status()?,
                _ => 0,
            },
            body: parts.body()?,
        })
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let parts = Parts::of(region)?;
        if parts.shape() == Shape::Request {
            out.pair(parts::SERVICE, parts.text(tag::SERVANT_OR_RET)?);
            out.pair(parts::METHOD, parts.text(tag::FUNCTION)?);
        }
        for entry in parts.map(tag::CONTEXT)? {
            if let Some((key, value)) = entry?.pair() {
                out.pair(key, value);
            }
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let start = out.len();
        let written = rewrite::with_changes(region, changes, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        match template {
            Template::Request => Some(REQUEST.to_vec()),
            Template::Response => Some(RESPONSE.to_vec()),
            Template::Heartbeat | Template::HeartbeatAck => None,
        }
    }
}

/// A request of version 1: integers that are 0, two empty strings, no bytes, two empty maps.
const REQUEST: &[u8] = b"\x10\x01\x2c\x3c\x4c\x56\x00\x66\x00\x7d\x00\x0c\x8c\x98\x0c\xa8\x0c";
/// A response of version 1, without what is optional.
const RESPONSE: &[u8] = b"\x10\x01\x2c\x3c\x4c\x5c\x6d\x00\x0c\x78\x0c";

/// Whether these are the headers of a region.
fn has_headers(region: &[u8], wanted: Headers<'_>) -> bool {
    let (mut found, mut listed) = (Vec::new(), Vec::new());
    let known = Packet::headers(region, (), &mut HeaderWriter::new(&mut found)).is_ok();
    HeaderWriter::new(&mut listed).all(wanted);
    known && found == listed
}
