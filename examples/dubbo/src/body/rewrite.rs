//! Writing a body with other headers.

use meshwire::frame::{FormatError, Headers};
use meshwire::wire::Reason;

use super::attachments::Attachments;
use super::parts::{Call, NAMES, Parts, VERSION};
use super::{Head, no_place};

/// Headers that are yet to be written.
type Pairs<'w> = Vec<(&'w [u8], &'w [u8])>;

/// Appends a body with these headers in the place of its own.
pub(super) fn with_headers(
    body: &[u8],
    head: Head,
    wanted: Headers<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let mut wanted: Pairs<'_> = wanted.iter().collect();
    let (attachments, at) = match Parts::of(body, head) {
        Parts::Call(call) => {
            let at = put_head(body, &call, &mut wanted, out)?;
            (call.attachments, at)
        }
        Parts::Result(attachments) => (Some(attachments), 0),
        Parts::Other => (None, 0),
    };
    let end = put_attachments(body, at, attachments, &wanted, out)?;
    out.extend_from_slice(body.get(end..).unwrap_or_default());
    Ok(())
}

/// Appends the strings at the front of a call, and takes them out of `wanted`. The first header of a
/// name is the one at the front, a second one is an attachment. Returns where the body goes on.
fn put_head(
    body: &[u8],
    call: &Call<'_>,
    wanted: &mut Pairs<'_>,
    out: &mut Vec<u8>,
) -> Result<usize, FormatError> {
    let written = call.serialization;
    let mut end = 0;
    let pieces = call.head.iter().map_while(Option::as_ref);
    for ((place, name), piece) in (0..).zip(NAMES).zip(pieces) {
        let offset = piece.range.start;
        end = piece.range.end;
        let Some(text) = &piece.text else {
            // It is not a header, so a header of that name is an attachment.
            out.extend_from_slice(body.get(piece.range.clone()).unwrap_or_default());
            continue;
        };
        match take_first(wanted, name) {
            Some(value) if value == &**text => {
                out.extend_from_slice(body.get(piece.range.clone()).unwrap_or_default());
            }
            Some(value) => {
                written.put_value(offset, out, |out| written.put_string(value, offset, out))?;
            }
            None if place == VERSION => written.put_value(offset, out, |out| {
                out.push(written.null());
                Ok(())
            })?,
            None => {
                let reason = Reason::Missing;
                return Err(FormatError { offset, reason });
            }
        }
    }
    Ok(end)
}

/// Takes out the first header of a name. `Vec::remove` would have a panic in the plugin, with all that it
/// says.
fn take_first<'h>(headers: &mut Pairs<'h>, name: &[u8]) -> Option<&'h [u8]> {
    let mut first = None;
    headers.retain(|(key, value)| {
        let found = first.is_none() && *key == name;
        if found {
            first = Some(*value);
        }
        !found
    });
    first
}

/// Appends what is between `at` and the attachments, and these. Returns where the body goes on.
fn put_attachments(
    body: &[u8],
    at: usize,
    attachments: Option<Attachments<'_>>,
    wanted: &Pairs<'_>,
    out: &mut Vec<u8>,
) -> Result<usize, FormatError> {
    match attachments {
        Some(attachments) => {
            out.extend_from_slice(body.get(at..attachments.start).unwrap_or_default());
            attachments.rewrite(wanted, out)
        }
        None if wanted.is_empty() => Ok(at),
        None => Err(no_place(at)),
    }
}
