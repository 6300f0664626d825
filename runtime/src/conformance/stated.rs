//! Vectors are what they say.

use bytes::Bytes;

use super::answer::ask;
use super::host::Judge;
use super::samples::{each, each_of, ensure, hex, told_len, view};
use crate::frame::Verdict;
use crate::protocol::Plugin;
use crate::vectors::{self, Expected, Facts, Refusal, Refused, Vector};

/// Every frame of a good vector is what the vector's `#=` lines say, and each of them says something.
///
/// # Panics
/// If one is not.
pub fn vectors_are_what_they_say<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let Some(Expected::Frame(expected)) = &sample.expected else {
            return Err("it says nothing of itself: add a line `#= kind=… id=…`".to_owned());
        };
        let answer = ask::<P>(&sample.bytes)?;
        ensure(answer == Verdict::Frame(sample.bytes.len()), || {
            format!("it is {}", told_len(&answer))
        })?;
        let view = view::<P>(&sample.bytes)?;
        let seen = Facts::of(&view).map_err(|error| error.to_string())?;
        let differences = expected.differences(&seen);
        ensure(differences.is_empty(), || differences.join("; "))
    });
}

/// Every bad vector is refused with the verdict, in the field, at the byte that it says; by the codec
/// and by the plugin in its host.
///
/// # Panics
/// If one is not.
pub fn bad_vectors_are_refused_as_they_say<P: Plugin>(dir: &str) {
    let vectors = vectors::bad(dir).unwrap_or_else(|error| panic!("{error}"));
    let mut judge = Judge::<P>::new();
    each_of(&vectors, Vector::name, |vector| {
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
}

fn refused(expected: &Refusal, answer: Verdict) -> Result<(), String> {
    let (how, error) = match answer {
        Verdict::NotThisProtocol(error) => (Refused::NotMine, error),
        Verdict::Malformed(error) => (Refused::Malformed, error),
        other => return Err(format!("it is {}", told_len(&other))),
    };
    let differences = expected.differences(how, error.field(), error.offset());
    ensure(differences.is_empty(), || {
        format!("{}; the error is {error}", differences.join("; "))
    })
}
