//! What a dubbo body says, and how it is written again.

mod descriptor;
mod parts;
mod rewrite;

use meshwire::Timeout;
use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Headers, Template};
use meshwire::record::values::{MapValue, Serialization};
use meshwire::wire::Reason;

use parts::Parts;

/// What the header of a frame says of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// 1 in a request, 0 in a response.
    pub request: u8,
    /// 1 where it is about the connection.
    pub event: u8,
    /// How the body is serialised: 2 hessian2, 23 fastjson2, …
    pub serialization: u8,
}

/// The body of a dubbo frame.
///
/// The frame's header says what the frame is; this payload codec says the timeout, the headers and the body, for
/// `#[frame(with = Body, inputs(request, event, serialization), timeout, headers, body)]`. What a body is,
/// the header says too, as to every peer: its content is not guessed at.
///
/// | header | body | headers |
/// | --- | --- | --- |
/// | request in hessian2 or fastjson2 | call | `dubbo`, `service`, `version`, `method`, then every attachment that is a string |
/// | response in one of these | result with attachments: a number from 3 to 5 at its front | every attachment that is a string |
/// | | result without, error text | none |
/// | event, another serialization | anything | none |
///
/// `dubbo` is the version of the protocol, `service` the path, `version` that of the service, as MOSN's own
/// codec names them (`pkg/protocol/xprotocol/dubbo/decoder.go`). Each is empty where it is null, and not
/// there where it is not a string that can be read here; what can be read is reported, whatever follows. The
/// version may be any text: Dubbo 2.5 takes it from the name of a jar (`client`, `stormjar`).
/// Attachments keep their keys and their order, so `interface` and `group` come from there, and a key
/// may be listed twice: a call's attachments mostly repeat `version`. A Java provider believes the
/// attachments over the strings before them, so who changes `service` changes `path` and `interface`
/// too.
///
/// The timeout is the attachment `_TO`, which callers that count down set, or `timeout`: a string or a
/// number of milliseconds; a number that is not positive says nothing, as to Java. Of several entries of one
/// key the last one counts, as in Java's map, and the same one after an edit.
///
/// The body is the whole region. A changed header is written back to where it was read from, and
/// everything else stays as it came: attachments that are not strings, their order, the arguments. A
/// call without attachments gets them if it ends after its arguments or has a null there. A header
/// that has no place is an error, and so is the absence of `dubbo`, `service` or `method`.
#[derive(Debug)]
pub struct Body;

impl Body {
    /// Whether all of a call has been read that a provider decides by: the strings at its front, and the
    /// attachments, which it believes over them. If not, the call may be one of another service than its
    /// headers say.
    pub fn is_whole(region: &[u8], head: Head) -> bool {
        match Parts::of(region, head) {
            Parts::Call(call) => call.is_whole(),
            Parts::Result(_) => true,
            Parts::Other => head.request == 0 || head.event != 0,
        }
    }
}

impl PayloadCodec for Body {
    type Inputs = Head;

    const TAKES_ALL: bool = true;

    fn metadata(region: &[u8], _: Head) -> Result<PayloadMetadata, FormatError> {
        Ok(PayloadMetadata {
            body: 0..region.len(),
            ..PayloadMetadata::default()
        })
    }

    fn timeout(region: &[u8], head: Head) -> Option<Timeout> {
        match Parts::of(region, head) {
            Parts::Call(call) => call.attachments.as_ref().map(timeout),
            Parts::Result(_) | Parts::Other => None,
        }
    }

    fn headers(region: &[u8], head: Head, out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let attachments = match Parts::of(region, head) {
            Parts::Call(call) => {
                call.head.write_headers(parts::NAMES, out);
                call.attachments
            }
            Parts::Result(attachments) => Some(attachments),
            Parts::Other => None,
        };
        if let Some(attachments) = attachments {
            attachments.write_headers(out);
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        head: Head,
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        if changes.id.is_some() || changes.status.is_some() {
            return Err(no_place(0));
        }
        let start = out.len();
        let body = changes.body.unwrap_or(region);
        let wanted = changes
            .headers
            .filter(|wanted| !has_headers(region, head, *wanted));
        let written = if let Some(wanted) = wanted {
            rewrite::with_headers(body, head, wanted, out)
        } else {
            out.extend_from_slice(body);
            Ok(())
        };
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    /// A null for a heartbeat; of all others the body comes from the one who wants them.
    fn template(_: Template, head: Head) -> Option<Vec<u8>> {
        if head.event == 0 {
            return Some(Vec::new());
        }
        let serialization = Serialization::of(head.serialization);
        let serialization = serialization.unwrap_or(Serialization::Hessian2);
        Some(serialization.null_value().to_vec())
    }
}

/// How long the caller waits: `_TO` if it is there, `timeout` otherwise.
fn timeout(attachments: &MapValue<'_>) -> Timeout {
    let [left, whole] = attachments.numbers([b"_TO", b"timeout"]);
    Timeout::from_positive_millis(left.or(whole).unwrap_or(0))
}

/// Whether these are the headers of a region.
fn has_headers(region: &[u8], head: Head, wanted: Headers<'_>) -> bool {
    let (mut found, mut listed) = (Vec::new(), Vec::new());
    let known = Body::headers(region, head, &mut HeaderWriter::new(&mut found)).is_ok();
    HeaderWriter::new(&mut listed).all(wanted);
    known && found == listed
}

/// A header, or another change, that the region has no place for.
const fn no_place(offset: usize) -> FormatError {
    FormatError {
        offset,
        reason: Reason::NoPlace,
    }
}
