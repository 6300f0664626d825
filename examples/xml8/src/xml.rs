//! The document after the length: `<Service><Header>…</Header><Body>…</Body></Service>`.
//!
//! Its elements are those of the `xr` codec in mosn/extensions (`go-plugin/pkg/protocol/xr` at cb294c3),
//! which represents the protocols of many banks.

mod answer;
mod cursor;
mod document;
mod rewrite;
#[cfg(test)]
mod tests;
mod text;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};

use cursor::Element;
use document::{Children, Document, EXTERNAL_REFERENCE, REQUEST_TYPE, RETURN_CODE};

/// The language of everything after the length: one XML document.
///
/// - **Kind**: `RequestType` in the header, `0` is a call and `1` an answer; anything else is refused.
///   There are no heartbeats and no one-way calls.
/// - **Id**: the text of `ExternalReference`. The `xr` codec puts `ChannelId` before it, since it sends the
///   reference on as it came, and two channels may have the same. A host that writes an id of its own
///   there needs no more than one range of bytes. A reference with markup, with entities or with
///   nothing in it is refused.
/// - **Timeout**: none, the document has no place for one. The `xr` codec says 10 s, or 60 s in another of its
///   versions, which is the business of a route.
/// - **Status**: of an answer `ReturnCode`, in the header or in a `Response` in the header, where the `xr`
///   codec writes it; 0, which is success, if there is none, and −1 if it is non-numeric.
/// - **Headers**: the elements of the header that hold no others, under their names, but `ServiceCode` as
///   `service`, which routes match on. What is listed above is not a header, nor is an element that is
///   named `service`.
/// - **Body**: what is in `Body`, markup and all.
///
/// Readers of XML take more than this one: a document type, and with it other entities than the five
/// of every document, is refused, and elements are nested at most 64 deep. Of what is only
/// passed on, only the tags are looked at. Text is UTF-8, or in any encoding that keeps ASCII bytes to
/// itself; line ends are shown as they come.
///
/// What changes is written in place, as UTF-8 and escaped; a new header is an element at the end of the
/// others, and its key must be a name of XML. A new body must be whole: every element in it ends in it.
#[derive(Debug)]
pub struct Service;

impl PayloadCodec for Service {
    type Inputs = ();

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let document = Document::scan(region)?;
        Ok(PayloadMetadata {
            kind: document.kind,
            id: PayloadId::Opaque(document.reference.content.clone()),
            status: document.status()?,
            body: document.body(),
            ..PayloadMetadata::default()
        })
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let document = Document::scan(region)?;
        let mut children = Children::of(region, &document.header, 2);
        while let Some(child) = children.next()? {
            if let Some(key) = key(&child) {
                out.pair(key, &text::of_leaf(region, child.content)?);
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
        rewrite::rewrite(region, changes, out)
    }

    /// A document with the reference 0.
    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        let request_type = match template {
            Template::Request => b"0",
            Template::Response => b"1",
            Template::Heartbeat | Template::HeartbeatAck => return None,
        };
        let document = [
            &b"<Service><Header><ExternalReference>0</ExternalReference><RequestType>"[..],
            request_type,
            b"</RequestType></Header><Body></Body></Service>",
        ];
        Some(document.concat())
    }
}

impl Service {
    /// What answers a request instead of its server: the request's own document as an answer, with this
    /// return code and a message for people. The header is as it came, so its client finds all there by which
    /// it knows its call; the body is empty. `None` if the region is not a document.
    pub fn answer(request: &[u8], code: i64, message: &str) -> Option<Vec<u8>> {
        let mut answer = Vec::new();
        answer::answer(request, code, message, &mut answer).ok()?;
        Some(answer)
    }
}

impl Service {
    /// Whether the header has an element that a server may take for the service code and that is not a header
    /// here: with other elements in it, or with a prefix.
    pub(crate) fn has_another_code(region: &[u8]) -> bool {
        let Ok(document) = Document::scan(region) else {
            return true;
        };
        let mut children = Children::of(region, &document.header, 2);
        while let Ok(Some(child)) = children.next() {
            let local = child.name.rsplit(|byte| *byte == b':').next();
            if local == Some(SERVICE_CODE) && key(&child) != Some(SERVICE) {
                return true;
            }
        }
        false
    }
}

/// The element that routes match on.
const SERVICE_CODE: &[u8] = b"ServiceCode";
/// Its key, which is that of other protocols too.
const SERVICE: &[u8] = b"service";

/// The key of an element of the header, if it is a header for hosts.
fn key<'t>(element: &Element<'t>) -> Option<&'t [u8]> {
    match element.name {
        _ if !element.is_leaf => None,
        SERVICE_CODE => Some(SERVICE),
        EXTERNAL_REFERENCE | REQUEST_TYPE | RETURN_CODE | SERVICE => None,
        name => Some(name),
    }
}

/// The name of the element for a header, if there can be one.
fn name(key: &[u8]) -> Option<&[u8]> {
    match key {
        SERVICE => Some(SERVICE_CODE),
        EXTERNAL_REFERENCE | REQUEST_TYPE | RETURN_CODE | SERVICE_CODE => None,
        name => text::is_name(name).then_some(name),
    }
}
