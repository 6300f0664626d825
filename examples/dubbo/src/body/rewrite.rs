//! Writing a body with other headers.

use meshwire::frame::{FormatError, Headers};
use meshwire::record::values::{MapValue, Pairs};

use super::parts::{NAMES, Parts};
use super::{Head, no_place};

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
            let at = call.head.rewrite(NAMES, &mut wanted, out)?;
            (call.attachments, at)
        }
        Parts::Result(attachments) => (Some(attachments), 0),
        Parts::Other => (None, 0),
    };
    let end = put_attachments(body, at, attachments, &wanted, out)?;
    out.extend_from_slice(body.get(end..).unwrap_or_default());
    Ok(())
}

/// Appends what is between `at` and the attachments, and these. Returns where the body goes on.
fn put_attachments(
    body: &[u8],
    at: usize,
    attachments: Option<MapValue<'_>>,
    wanted: &Pairs<'_>,
    out: &mut Vec<u8>,
) -> Result<usize, FormatError> {
    match attachments {
        Some(attachments) => {
            out.extend_from_slice(body.get(at..attachments.start()).unwrap_or_default());
            attachments.rewrite(wanted, out)
        }
        None if wanted.is_empty() => Ok(at),
        None => Err(no_place(at)),
    }
}
