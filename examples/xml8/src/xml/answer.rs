//! An answer instead of a server.

use meshwire::frame::{FormatError, Splice};
use meshwire::wire::decimal;

use super::document::{Children, Document, REQUEST_TYPE, RESPONSE, RETURN_CODE};
use super::rewrite::set;
use super::text;

/// Appends what answers the request in `region`: the same document as an answer, with this return code and
/// message, and with nothing in its body.
///
/// This is what the `xr` codec makes, but for the body, which it leaves as it came. Everything in the header
/// that says whose call it was is in the answer, under any name.
pub(super) fn answer(
    region: &[u8],
    code: i64,
    message: &str,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let document = Document::scan(region)?;
    let mut splice = Splice::new(region, out);
    let start = document.header.content.start;
    put_response(code, message, splice.replace(start..start));
    let mut children = Children::of(region, &document.header, 2);
    while let Some(child) = children.next()? {
        match child.name {
            REQUEST_TYPE => set(&child, &mut splice, |out| {
                out.push(b'1');
                Ok(())
            })?,
            // A second one would make the first one doubtful.
            RESPONSE | RETURN_CODE => {
                splice.replace(children.front_of(&child)..child.range.end);
            }
            _ => {}
        }
    }
    if let Some(body) = document.body {
        splice.replace(body.content);
    }
    splice.finish();
    Ok(())
}

fn put_response(code: i64, message: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<Response><ReturnCode>");
    decimal::write(code, out);
    out.extend_from_slice(b"</ReturnCode><ReturnMessage>");
    // What XML cannot hold is in none of the messages.
    let _ = text::put(message.as_bytes(), out);
    out.extend_from_slice(b"</ReturnMessage></Response>");
}
