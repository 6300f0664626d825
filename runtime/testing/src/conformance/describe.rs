//! How failures are described.

use core::fmt::Display;

use meshwire::{Bytes, HeaderMap};

use crate::vectors::{Facts, to_hex};
use meshwire::command::Command;
use meshwire::frame::Verdict;
use meshwire::wire::Error;

/// An answer in words.
pub(super) fn answer<T>(verdict: &Verdict<T>) -> String {
    match verdict {
        Verdict::NeedMore(more) => format!("\"{more} more bytes are needed\""),
        Verdict::NotThisProtocol(error) => format!("\"not this protocol: {error}\""),
        Verdict::Malformed(error) => format!("\"malformed: {error}\""),
        Verdict::Frame(_) => "\"a frame\"".to_owned(),
    }
}

/// The same; of a frame, how long it is.
pub(super) fn answer_len(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Frame(len) => format!("\"a frame of {len} bytes\""),
        other => answer(other),
    }
}

/// Bytes in hex; of many bytes, their front.
pub(super) fn hex(bytes: &[u8]) -> String {
    const FRONT: usize = 512;
    match bytes.get(..FRONT) {
        Some(front) => format!("{}… ({} bytes)", to_hex(front), bytes.len()),
        None => to_hex(bytes),
    }
}

/// That something holds; `what` says what does not.
pub(super) fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// That bytes are those that were expected; both are shown around the first difference.
pub(super) fn same(what: &str, got: &[u8], expected: &[u8]) -> Result<(), String> {
    if got == expected {
        return Ok(());
    }
    let differs = |(got, expected): (&u8, &u8)| got != expected;
    let at = got.iter().zip(expected).position(differs);
    let at = at.unwrap_or(got.len().min(expected.len()));
    let around = |bytes: &[u8]| {
        let bytes = bytes.get(at.saturating_sub(4)..).unwrap_or_default();
        to_hex(bytes.get(..16).unwrap_or(bytes))
    };
    Err(format!(
        "{what}: {} bytes, expected {}; they differ from byte {at} on: …{}…, expected …{}…",
        got.len(),
        expected.len(),
        around(got),
        around(expected)
    ))
}

/// That a frame means what was expected; what differs, in the words of a vector.
pub(super) fn alike(seen: &Facts, expected: &Facts) -> Result<(), String> {
    let mut differences = expected.differences(seen);
    if differences.is_empty() && seen != expected {
        differences.push("the headers differ, or their order".to_owned());
    }
    ensure(differences.is_empty(), || differences.join("; "))
}

/// What is known of a command, for comparison.
pub(super) fn facts(command: &impl Command) -> Result<Facts, String> {
    Facts::of(command).map_err(|error| error.to_string())
}

/// The value, or `none`.
pub(super) fn or_none(value: Option<impl Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// What writing a frame came to.
pub(super) fn outcome(result: &Result<Bytes, Error>) -> String {
    match result {
        Ok(bytes) => hex(bytes),
        Err(error) => format!("\"{error}\""),
    }
}

/// Headers in a line; of long ones, their front.
pub(super) fn headers<'h>(pairs: impl IntoIterator<Item = (&'h [u8], &'h [u8])>) -> String {
    const FRONT: usize = 64;
    let shortened = |bytes: &'h [u8]| bytes.get(..FRONT).unwrap_or(bytes);
    let pairs = pairs.into_iter();
    let map: HeaderMap = pairs
        .map(|(key, value)| (shortened(key), shortened(value)))
        .collect();
    format!("{map:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_surroundings() {
        let error = same("frame", b"0123456789", b"0123456_89").unwrap_err();
        assert_eq!(
            error,
            "frame: 10 bytes, expected 10; they differ from byte 7 on: …33343536373839…, expected …333435365f3839…"
        );
        assert!(same("frame", b"01", b"012").is_err());
        assert_eq!(same("frame", b"01", b"01"), Ok(()));
    }
}
