//! Vectors match their expectations.

use meshwire::Bytes;

use super::answer::ask;
use super::describe::{answer_len, ensure, facts, hex};
use super::host::Judge;
use super::samples::{Sample, broken, each_bad, failures, report, samples, view};
use crate::vectors::{Expected, Refusal, Refused, Vector};
use meshwire::frame::Verdict;
use meshwire::protocol::Plugin;

/// Every good vector is one or more frames, and each of them meets the expectations of the vector's `#=` lines, of
/// which there is at least one. Other vectors fail here, and are left out of the other tests.
///
/// # Panics
/// If one is not.
pub fn vectors_match_their_expectations<P: Plugin>(dir: &str) {
    let (samples, broken) = (samples::<P>(dir), broken::<P>(dir));
    let of = samples.len() + broken.len();
    let wrong = failures(&samples, |sample| &sample.name, is_as_stated::<P>);
    report(&[broken, wrong].concat(), of);
}

fn is_as_stated<P: Plugin>(sample: &Sample) -> Result<(), String> {
    let Some(Expected::Frame(expected)) = &sample.expected else {
        return Err("no expectation: add a line `#= kind=… id=…`".to_owned());
    };
    let answer = ask::<P>(&sample.bytes)?;
    ensure(answer == Verdict::Frame(sample.bytes.len()), || {
        format!("it is {}", answer_len(&answer))
    })?;
    let seen = facts(&view::<P>(&sample.bytes)?)?;
    let differences = expected.differences(&seen);
    ensure(differences.is_empty(), || differences.join("; "))
}

/// Every bad vector is rejected with the verdict, field and byte that it states, by the codec
/// and by the plugin in its host. One that cannot be parsed fails here, and is left out of the other tests.
///
/// # Panics
/// If one is not.
pub fn bad_vectors_are_rejected_as_stated<P: Plugin>(dir: &str) {
    let (mut vectors, mut broken) = (Vec::new(), Vec::new());
    for vector in each_bad(dir) {
        match vector {
            Ok(vector) => vectors.push(vector),
            Err(error) => broken.push(error.to_string()),
        }
    }
    let of = vectors.len() + broken.len();
    let mut judge = Judge::new::<P>();
    let wrong = failures(&vectors, Vector::name, |vector| {
        let Some(refusal) = vector.refusal() else {
            return Ok(());
        };
        let bytes = Bytes::copy_from_slice(&vector.bytes);
        let answer = ask::<P>(&bytes)?;
        judge.agrees(&bytes, answer)?;
        // What a view leaves unparsed is found by the owned shape.
        let answer = match answer {
            Verdict::Frame(len) => P::decode(&bytes).map(|_| len),
            refused => refused,
        };
        refused(refusal, answer).map_err(|what| format!("{what}\n    in {}", hex(&bytes)))
    });
    report(&[broken, wrong].concat(), of);
}

fn refused(expected: &Refusal, answer: Verdict) -> Result<(), String> {
    let (how, error) = match answer {
        Verdict::NotThisProtocol(error) => (Refused::NotMine, error),
        Verdict::Malformed(error) => (Refused::Malformed, error),
        other => return Err(format!("it is {}", answer_len(&other))),
    };
    let differences = expected.differences(how, error.field(), error.offset());
    ensure(differences.is_empty(), || {
        format!("{}; the error is {error}", differences.join("; "))
    })
}
