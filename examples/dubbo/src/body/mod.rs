//! What a dubbo body says, and how it is written again.

mod attachments;
mod descriptor;
mod parts;
mod rewrite;
mod values;

use meshwire::Timeout;
use meshwire::command::{Changes, Dialect, Facts};
use meshwire::frame::{FormatError, HeaderWriter, Headers, Template};
use meshwire::wire::Reason;

use crate::hessian;
use parts::Parts;
pub(crate) use values::Serialization;

/// The body of a dubbo frame.
///
/// The frame's header says what the frame is; this dialect says the timeout, the headers and the
/// body, for `#[frame(with = Body, timeout, headers, body)]`. It goes by the bytes alone, and what it
/// does not know it lets pass: such a body has no headers.
///
/// | region, in hessian2 or fastjson2 | recognised by | headers |
/// | --- | --- | --- |
/// | call | five strings, the first one a version | `dubbo`, `service`, `version`, `method`, then every attachment that is a string |
/// | result with attachments | a number from 3 to 5 | every attachment that is a string |
/// | result without, error text, event, another serialization | none of these | none |
///
/// `dubbo` is the version of the protocol, `service` the path, `version` that of the service (empty
/// where it is null), as MOSN's own codec names them (`pkg/protocol/xprotocol/dubbo/decoder.go`).
/// Attachments keep their keys and their order, so `interface` and `group` come from there, and a key
/// may be listed twice: a call's attachments mostly repeat `version`. A Java provider believes the
/// attachments over the strings before them, so who changes `service` changes `path` and `interface`
/// too.
///
/// The timeout is the attachment `_TO`, which callers that count down set, or `timeout`: a string or a
/// number of milliseconds; a number that is not positive says nothing, as to Java.
///
/// The body is the whole region. A changed header is written back to where it was told from, and
/// everything else stays as it came: attachments that are no strings, their order, the arguments. A
/// call without attachments gets them if it ends behind its arguments or has a null there. A header
/// that has no place is an error, and so are the absence of `dubbo`, `service` or `method`, and a `dubbo`
/// that is no version.
#[derive(Debug)]
pub struct Body;

impl Dialect for Body {
    fn facts(region: &[u8]) -> Result<Facts, FormatError> {
        Ok(Facts {
            body: 0..region.len(),
            ..Facts::default()
        })
    }

    fn timeout(region: &[u8]) -> Option<Timeout> {
        match Parts::of(region) {
            Parts::Call(call) => call.attachments.map(attachments::timeout),
            Parts::Result(_) | Parts::Other => None,
        }
    }

    fn headers(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let attachments = match Parts::of(region) {
            Parts::Call(call) => {
                for (name, piece) in parts::NAMES.into_iter().zip(&call.head) {
                    out.pair(name, &piece.text);
                }
                call.attachments
            }
            Parts::Result(attachments) => Some(attachments),
            Parts::Other => None,
        };
        if let Some(attachments) = attachments {
            attachments.tell(out);
        }
        Ok(())
    }

    fn rewrite(region: &[u8], changes: &Changes<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if changes.id.is_some() || changes.status.is_some() {
            return Err(no_place(0));
        }
        let start = out.len();
        let body = changes.body.unwrap_or(region);
        let wanted = changes.headers.filter(|wanted| !tells(region, *wanted));
        let written = if let Some(wanted) = wanted {
            rewrite::with_headers(body, wanted, out)
        } else {
            out.extend_from_slice(body);
            Ok(())
        };
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn template(template: Template, out: &mut Vec<u8>) -> bool {
        match template {
            // Body and headers come from the one who wants it.
            Template::Request | Template::Response => {}
            Template::Heartbeat | Template::HeartbeatAck => out.push(hessian::NULL),
        }
        true
    }
}

/// Whether these are the headers of a region.
fn tells(region: &[u8], wanted: Headers<'_>) -> bool {
    let (mut told, mut listed) = (Vec::new(), Vec::new());
    let known = Body::headers(region, &mut HeaderWriter::new(&mut told)).is_ok();
    HeaderWriter::new(&mut listed).all(wanted);
    known && told == listed
}

/// A header, or another change, that the region has no place for.
const fn no_place(offset: usize) -> FormatError {
    FormatError {
        offset,
        reason: Reason::NoPlace,
    }
}
