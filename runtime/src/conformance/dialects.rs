//! Dialects, asked without the frames around their regions.

use super::words::{ensure, hex, same};
use crate::command::{Changes, Dialect, FactId, Facts, NewId};
use crate::frame::{FormatError, HeaderMap, HeaderWriter};
use crate::vectors;

/// A region, each of its fronts, and the region with each of its bits flipped: a [`Dialect`] answers
/// without a panic, and of what it reads it keeps what nobody changes. Another id and an appended
/// header arrive, or are refused. `inputs` are what the fixed fields of its frame say.
///
/// ```
/// # use core::ops::Range;
/// # use meshwire::command::{Changes, Dialect, Facts};
/// # use meshwire::frame::{FormatError, HeaderWriter, Template};
/// # struct Plain;
/// # impl Dialect for Plain {
/// #     type Inputs = ();
/// #     fn facts(_: &[u8], (): ()) -> Result<Facts, FormatError> { Ok(Facts::default()) }
/// #     fn rewrite(region: &[u8], (): (), _: &Changes<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
/// #         out.extend_from_slice(region);
/// #         Err(FormatError { offset: 0, reason: meshwire::wire::Reason::NoPlace })
/// #     }
/// #     fn template(_: Template, (): ()) -> Option<Vec<u8>> { None }
/// # }
/// let result = std::panic::catch_unwind(|| {
///     meshwire::conformance::damage_confuses_no_dialect::<Plain>(b"region", ());
/// });
/// assert!(result.is_err(), "`Plain` refuses to write what it has read");
/// ```
///
/// # Panics
/// If something is amiss.
pub fn damage_confuses_no_dialect<D: Dialect>(region: &[u8], inputs: D::Inputs) {
    let told = |what: &str, bytes: &[u8], error: String| {
        panic!("{what}: {error}\n    in {}", hex(bytes));
    };
    let facts = D::facts(region, inputs);
    if facts.is_err() {
        told("the region itself", region, format!("{facts:?}"));
    }
    for cut in 0..=region.len() {
        let front = region.get(..cut).unwrap_or_default();
        if let Err(error) = asked::<D>(front, inputs) {
            told(&format!("cut at {cut}"), front, error);
        }
    }
    for at in 0..region.len() {
        for bit in 0..8 {
            let mut flipped = region.to_vec();
            if let Some(byte) = flipped.get_mut(at) {
                *byte ^= 1 << bit;
            }
            if let Err(error) = asked::<D>(&flipped, inputs) {
                told(&format!("bit {bit} of byte {at} flipped"), &flipped, error);
            }
        }
    }
}

/// Asks a dialect for everything.
fn asked<D: Dialect>(region: &[u8], inputs: D::Inputs) -> Result<(), String> {
    let (facts, headers) = (D::facts(region, inputs), headers_of::<D>(region, inputs));
    for error in [facts.as_ref().err(), headers.as_ref().err()] {
        ensure(
            error.is_none_or(|error| error.offset <= region.len()),
            || format!("the error is about no byte: {error:?}"),
        )?;
    }
    let Ok(facts) = facts else {
        return Ok(());
    };
    let body = region
        .get(facts.body.clone())
        .ok_or("there is no such body")?;
    let untouched = rewritten::<D>(region, inputs, &Changes::default());
    same("untouched", &untouched.map_err(told)?, region)?;
    let Ok(headers) = headers else {
        return Ok(());
    };
    let (came, other) = match &facts.id {
        FactId::Number(id) => (NewId::Number(*id), NewId::Number(id ^ 1)),
        FactId::Opaque(range) => {
            let id = region.get(range.clone()).ok_or("there is no such id")?;
            (NewId::Opaque(id), NewId::Opaque(b"another"))
        }
    };
    let shown = Changes {
        id: Some(came),
        status: Some(facts.status),
        headers: Some(headers.as_headers()),
        body: Some(body),
    };
    let shown = rewritten::<D>(region, inputs, &shown);
    same("written as it was told", &shown.map_err(told)?, region)?;
    changed::<D>(region, inputs, &facts, &headers, other)
}

/// Another id and one more header arrive, and nothing else is another.
fn changed<D: Dialect>(
    region: &[u8],
    inputs: D::Inputs,
    facts: &Facts,
    headers: &HeaderMap,
    id: NewId<'_>,
) -> Result<(), String> {
    let mut wanted = headers.clone();
    wanted.append("x-added", "1");
    let changes = Changes {
        id: Some(id),
        headers: Some(wanted.as_headers()),
        ..Changes::default()
    };
    let Ok(out) = rewritten::<D>(region, inputs, &changes) else {
        return Ok(());
    };
    let seen = D::facts(&out, inputs).map_err(told)?;
    let arrived = match (&seen.id, id) {
        (FactId::Number(seen), NewId::Number(id)) => *seen == id,
        (FactId::Opaque(range), NewId::Opaque(id)) => out.get(range.clone()) == Some(id),
        _ => false,
    };
    ensure(arrived, || {
        format!("{id:?} was written, {:?} arrived", seen.id)
    })?;
    let means = |facts: &Facts| (facts.kind, facts.timeout, facts.status);
    ensure(means(&seen) == means(facts), || {
        format!("{facts:?} has become {seen:?}")
    })?;
    ensure(
        D::timeout(&out, inputs) == D::timeout(region, inputs),
        || "the timeout has become another one".to_owned(),
    )?;
    let body = |region: &[u8], facts: &Facts| region.get(facts.body.clone()).map(<[u8]>::to_vec);
    ensure(body(&out, &seen) == body(region, facts), || {
        format!("the body of {facts:?} has become that of {seen:?}")
    })?;
    let headers = headers_of::<D>(&out, inputs).map_err(told)?;
    ensure(headers == wanted, || {
        format!("{wanted:?} was written, {headers:?} arrived")
    })
}

/// The headers that a dialect tells of a region, as a map: what its own tests compare.
pub fn headers_of<D: Dialect>(region: &[u8], inputs: D::Inputs) -> Result<HeaderMap, FormatError> {
    let mut block = Vec::new();
    D::headers(region, inputs, &mut HeaderWriter::new(&mut block))?;
    Ok(HeaderMap::from_written(block))
}

/// What a dialect tells of a region, as vectors state it: what its own tests compare. An id that is no
/// number is left out; the body is the region's own part of it.
pub fn facts_of<D: Dialect>(
    region: &[u8],
    inputs: D::Inputs,
) -> Result<vectors::Facts, FormatError> {
    let (facts, headers) = (D::facts(region, inputs)?, headers_of::<D>(region, inputs)?);
    let asks = facts.kind.is_request();
    Ok(vectors::Facts {
        kind: Some(facts.kind),
        id: match facts.id {
            FactId::Number(id) => Some(id),
            FactId::Opaque(_) => None,
        },
        timeout: asks.then_some(facts.timeout),
        status: (!asks).then_some(facts.status),
        headers: Some(headers.len()),
        body: Some(facts.body.len()),
        pairs: headers
            .iter()
            .map(|(key, value)| (key.to_vec(), value.to_vec()))
            .collect(),
    })
}

/// The region with changes, written behind other bytes.
fn rewritten<D: Dialect>(
    region: &[u8],
    inputs: D::Inputs,
    changes: &Changes<'_>,
) -> Result<Vec<u8>, FormatError> {
    let mut out = b"before".to_vec();
    D::rewrite(region, inputs, changes, &mut out)?;
    Ok(out.split_off(b"before".len()))
}

fn told(error: FormatError) -> String {
    format!("{error:?}")
}
