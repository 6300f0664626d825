//! A codec's answer, asked for in every way there is.

use meshwire::Bytes;

use super::allocator::bounded;
use super::describe::{
    alike, answer, answer_len, ensure, facts, headers as headers_in, hex, or_none, same,
};
use super::samples::{decoded, fields};
use crate::dissect::{Dissection, missing, pairs};
use meshwire::command::{Command, Message, Timeout};
use meshwire::frame::{Edits, FieldRole, Verdict, View};
use meshwire::protocol::Plugin;
use meshwire::wire::Error;

/// One of the four answers; of a frame, its length.
pub(super) type Answer = Verdict;

/// Asks for the answer to some bytes in every way there is, and checks that all ways lead to the same
/// one, that it can be right by the layout, and that a frame is what its bytes say.
///
/// Headers are looked into: a frame whose headers are malformed is malformed. What is allocated is no more than the
/// input explains.
pub(super) fn ask<P: Plugin>(bytes: &Bytes) -> Result<Answer, String> {
    let answer = bounded(bytes.len(), || checked::<P>(bytes));
    answer.map_err(|what| format!("{what}\n    in {}", hex(bytes)))
}

fn checked<P: Plugin>(bytes: &Bytes) -> Result<Answer, String> {
    let parsed = P::parse(bytes);
    let length = P::parse(bytes).map(|view| view.raw().len());
    let measured = P::measure(bytes);
    ensure(measured == length, || {
        format!(
            "`measure` returns {}, `parse` {}",
            answer_len(&measured),
            answer_len(&length)
        )
    })?;
    let decoded = P::decode(bytes).map(|_| ());
    match parsed {
        Verdict::Frame(view) => frame::<P>(bytes, &view),
        Verdict::NeedMore(more) => {
            ensure(decoded == Verdict::NeedMore(more), || {
                format!(
                    "`decode` returns {}, `parse` {}",
                    answer(&decoded),
                    answer_len(&length)
                )
            })?;
            more_can_be::<P>(bytes, more)?;
            Ok(length)
        }
        Verdict::NotThisProtocol(error) | Verdict::Malformed(error) => {
            ensure(decoded.map(|()| 0) == length, || {
                format!(
                    "`decode` returns {}, `parse` {}",
                    answer(&decoded),
                    answer_len(&length)
                )
            })?;
            is_located::<P>(bytes, &error)?;
            Ok(length)
        }
    }
}

/// So many bytes can be missing by one of the layouts, and the frame does not become too large.
fn more_can_be<P: Plugin>(bytes: &[u8], more: usize) -> Result<(), String> {
    ensure(more > 0, || "0 more bytes are needed".to_owned())?;
    let end = bytes.len().saturating_add(more);
    let mut layouts = P::LAYOUTS.iter();
    let can = layouts
        .any(|layout| end <= layout.max && Dissection::new(layout, bytes).missing(bytes) == more);
    ensure(can, || {
        let missing = or_none(missing(P::LAYOUTS, bytes));
        format!("\"{more} more bytes are needed\", the layout requires {missing}")
    })
}

/// An error names a field of the frame that it names, and a byte that is there or should be next.
fn is_located<P: Plugin>(bytes: &[u8], error: &Error) -> Result<(), String> {
    let mut layouts = P::LAYOUTS.iter();
    let known = layouts.any(|layout| {
        let mut fields = layout.fields.iter();
        layout.frame == error.frame() && fields.any(|field| field.name == error.field())
    });
    ensure(known && error.offset() <= bytes.len(), || {
        format!("the error is at no byte of a field: {error}")
    })
}

/// A frame is what its bytes say, by the layout alone.
fn frame<P: Plugin>(bytes: &Bytes, view: &P::View<'_>) -> Result<Answer, String> {
    let raw = view.raw();
    ensure(bytes.starts_with(raw) && !raw.is_empty(), || {
        "the frame is not a prefix of the bytes".to_owned()
    })?;
    let fields = fields::<P>(raw).ok_or("the frame matches no layout")?;
    let (len, max) = (fields.len, fields.layout.max);
    ensure(len == Some(raw.len()) && raw.len() <= max, || {
        format!(
            "{} bytes are a frame, the layout says {} of at most {max}",
            raw.len(),
            or_none(len)
        )
    })?;
    roles(&fields, raw, view)?;
    match view.header_map() {
        Ok(_) => {
            headers(&fields, raw, view)?;
            owned::<P>(bytes, &fields, view)?;
            Ok(Verdict::Frame(raw.len()))
        }
        Err(error) => {
            is_located::<P>(raw, &error)?;
            // The owned shape may stop at an earlier part, which views leave unparsed.
            let decoded = P::decode(bytes).map(|_| ());
            let earlier =
                matches!(decoded, Verdict::Malformed(other) if other.offset() < error.offset());
            // A part with a payload codec stays as it is in both.
            let unread =
                matches!(decoded, Verdict::Frame(())) && fields.role(FieldRole::Payload).is_some();
            ensure(
                decoded == Verdict::Malformed(error) || earlier || unread,
                || {
                    format!(
                        "`decode` returns {}, the headers say {error}",
                        answer(&decoded)
                    )
                },
            )?;
            Ok(Verdict::Malformed(error))
        }
    }
}

fn roles(fields: &Dissection, raw: &[u8], view: &impl Command) -> Result<(), String> {
    // The layout does not describe what a payload codec decodes.
    let has_payload = fields.role(FieldRole::Payload).is_some();
    let id = fields.role(FieldRole::Id);
    let number = id
        .filter(|span| span.is_number())
        .and_then(|span| span.number(raw));
    let known = number.is_some() || !(has_payload || view.opaque_id().is_some());
    ensure(!known || number == Some(view.id()), || {
        format!("the id is {}, the bytes say {}", view.id(), or_none(number))
    })?;
    let body = fields.role(FieldRole::Body);
    if body.is_some() || !has_payload {
        same(
            "body",
            view.body(),
            body.map_or(&[], |span| span.bytes(raw)),
        )?;
    }
    // In a struct for both halves it may be something else in the other half.
    if let (Some(span), Some(response)) = (fields.role(FieldRole::Status), view.as_response()) {
        let status = response.status();
        let number = span
            .number(raw)
            .and_then(|number| i64::try_from(number).ok());
        let said = [number, span.signed(raw)];
        ensure(said.contains(&Some(status)), || {
            format!("the status is {status}, the bytes say {}", or_none(number))
        })?;
    }
    if let (Some(span), Some(request)) = (fields.role(FieldRole::Timeout), view.as_request()) {
        let millis = request.timeout().millis();
        let number = span
            .number(raw)
            .and_then(|number| i64::try_from(number).ok());
        let longest = i64::from(Timeout::MAX_MILLIS);
        let never = span.signed(raw).is_some_and(i64::is_negative) && millis == -1;
        let long = number > Some(longest) && millis == longest;
        ensure(number == Some(millis) || never || long, || {
            let number = or_none(number);
            format!("the timeout is {millis}, the bytes say {number}")
        })?;
    }
    Ok(())
}

/// The listed headers are those of the region, where it is a block.
fn headers(fields: &Dissection, raw: &[u8], view: &(impl Command + View)) -> Result<(), String> {
    let map = view.header_map().map_err(|error| error.to_string())?;
    if view.header_block().is_none() {
        return Ok(());
    }
    let region = fields
        .role(FieldRole::Headers)
        .map_or(&[][..], |span| span.bytes(raw));
    let listed = pairs(region)
        .into_iter()
        .filter_map(|pair| Some((pair.key?, pair.value?)))
        .filter(|(key, _)| !key.is_empty());
    ensure(map.iter().eq(listed), || {
        format!(
            "the headers are {}, the region is {}",
            headers_in(map.iter()),
            hex(region)
        )
    })
}

/// The owned shape means the same, and both shapes are written as they came; varints of the owned one in as
/// few bytes as they take.
fn owned<P: Plugin>(bytes: &Bytes, fields: &Dissection, view: &P::View<'_>) -> Result<(), String> {
    let raw = view.raw();
    let mut out = Vec::new();
    view.rewrite(&Edits::default(), &mut out)
        .map_err(|error| format!("cannot rewrite: {error}"))?;
    same("rewritten", &out, raw)?;
    let frame = match P::decode(bytes) {
        Verdict::Frame(frame) => frame,
        other => {
            return Err(format!(
                "`decode` returns {}, `parse` \"a frame\"",
                answer(&other)
            ));
        }
    };
    let expected = facts(view)?;
    let seen = facts(&frame).and_then(|seen| alike(&seen, &expected));
    seen.map_err(|what| format!("owned frame and view differ: {what}"))?;
    let encoded = frame
        .to_bytes()
        .map_err(|error| format!("cannot encode: {error}"))?;
    let len = frame.encoded_len();
    let len = len.map_err(|error| format!("the encoded length: {error}"))?;
    ensure(len == encoded.len(), || {
        format!("the encoded length is {len} for {} bytes", encoded.len())
    })?;
    if fields.is_shortest(raw) {
        return same("encoded", &encoded, raw);
    }
    // What is written anew has its shortest form, and means the same.
    let again = decoded::<P>(&encoded).and_then(|again| alike(&facts(&again)?, &expected));
    again.map_err(|what| format!("encoded and decoded again: {what}"))
}
