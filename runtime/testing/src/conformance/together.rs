//! Several changes of a frame at once.

use super::describe::{alike, facts, same};
use super::samples::{Sample, each, view};
use super::written::rewritten;
use meshwire::command::Command;
use meshwire::frame::Edits;
use meshwire::protocol::Plugin;

/// Two changes that a host makes at once, of the id, of headers and of the body, are written as if it made one
/// after the other, where each of them can be made. Headers and a body may be refused where the headers are in
/// the body.
///
/// # Panics
/// If they are not.
pub fn combined_edits_equal_single_edits<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let came = view::<P>(&sample.bytes)?;
        let mut headers = came.header_map().map_err(|error| error.to_string())?;
        headers.append("x-added", "1");
        let id = Edits::id(came.id() ^ 1);
        let headers = Edits {
            headers: Some(headers.as_headers()),
            ..Edits::default()
        };
        let body = Edits {
            body: Some(b"another body"),
            ..Edits::default()
        };
        for (what, first, second) in [
            ("an id and a header", &id, &headers),
            ("an id and a body", &id, &body),
            ("a header and a body", &headers, &body),
        ] {
            at_once::<P>(sample, &came, first, second)
                .map_err(|difference| format!("{what} at once: {difference}"))?;
        }
        Ok(())
    });
}

fn at_once<P: Plugin>(
    sample: &Sample,
    came: &P::View<'_>,
    first: &Edits<'_>,
    second: &Edits<'_>,
) -> Result<(), String> {
    // What is refused alone is up to other tests.
    let Ok(one) = rewritten(came, first) else {
        return Ok(());
    };
    let changed = view::<P>(&one)?;
    let Ok(expected) = rewritten(&changed, second) else {
        return Ok(());
    };
    let both = Edits {
        id: first.id.or(second.id),
        headers: first.headers.or(second.headers),
        body: first.body.or(second.body),
        ..Edits::default()
    };
    let written = match rewritten(came, &both) {
        Ok(written) => written,
        // Where the headers are in the body, another body leaves no place for others.
        Err(_) if changed.body() != came.body() => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    if sample.has_one_form() {
        return same("written", &written, &expected);
    }
    let (seen, wanted) = (view::<P>(&written)?, view::<P>(&expected)?);
    alike(&facts(&seen)?, &facts(&wanted)?)?;
    same("body", seen.body(), wanted.body())
}
