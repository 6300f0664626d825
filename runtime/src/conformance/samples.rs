//! The frames that the tests work on, and how failures are told.

use core::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;

use crate::dissect::Dissection;
use crate::frame::{Role, Verdict};
use crate::protocol::{Codec, Plugin};
use crate::vectors::{self, Expected, Vector, to_hex};

/// Failures that are shown; more say nothing new.
const SHOWN: usize = 10;

/// One frame of a vector.
pub(super) struct Sample {
    /// The vector's name, and the frame's number if there are several.
    pub(super) name: String,
    /// The frame.
    pub(super) bytes: Bytes,
    /// Its fields, by the layout alone.
    pub(super) fields: Dissection,
    /// What the vector says of it.
    pub(super) expected: Option<Expected>,
}

impl Sample {
    /// Whether both shapes of the frame are written with the same bytes: owned frames have no varint in more
    /// bytes than it takes.
    pub(super) fn has_one_form(&self) -> bool {
        self.fields.is_shortest(&self.bytes)
    }
}

/// The frames of the good vectors in a folder.
pub(super) fn samples<P: Plugin>(dir: &str) -> Vec<Sample> {
    let vectors = vectors::good(dir).unwrap_or_else(|error| panic!("{error}"));
    vectors.iter().flat_map(frames::<P>).collect()
}

fn frames<P: Plugin>(vector: &Vector) -> Vec<Sample> {
    let path = vector.path.display();
    let mut frames = Vec::new();
    let mut rest = Bytes::copy_from_slice(&vector.bytes);
    while !rest.is_empty() {
        let at = vector.bytes.len() - rest.len();
        let len = match P::measure(&rest) {
            Verdict::Frame(len) if (1..=rest.len()).contains(&len) => len,
            other => panic!(
                "{path}: the bytes from {at} on are no frame: {}",
                told_len(&other)
            ),
        };
        let bytes = rest.split_to(len);
        let number = frames.len();
        let alone = number == 0 && rest.is_empty();
        frames.push(Sample {
            name: if alone {
                vector.name().to_owned()
            } else {
                format!("{}#{}", vector.name(), number + 1)
            },
            fields: fields::<P>(&bytes)
                .unwrap_or_else(|| panic!("{path}: no layout has the frame at byte {at}")),
            bytes,
            expected: vector.expected.get(number).cloned(),
        });
    }
    assert!(
        vector.expected.len() <= frames.len(),
        "{path}: there are {} frames in it, and expectations of {}",
        frames.len(),
        vector.expected.len()
    );
    frames
}

/// The fields of a whole frame, by the layout alone.
pub(super) fn fields<P: Plugin>(frame: &[u8]) -> Option<Dissection> {
    let asks = P::parse(frame).frame().map(|view| asks(&view));
    let role = asks.map(|asks| if asks { Role::Request } else { Role::Response });
    Dissection::of(P::LAYOUTS, frame, role)
}

fn asks(command: &impl crate::command::Command) -> bool {
    command.as_request().is_some()
}

/// The frame at the front of `bytes`, which must be one.
pub(super) fn view<P: Codec>(bytes: &[u8]) -> Result<P::View<'_>, String> {
    match P::parse(bytes) {
        Verdict::Frame(view) => Ok(view),
        other => Err(format!("{} is the answer to {}", told(&other), hex(bytes))),
    }
}

/// An answer in words.
pub(super) fn told<T>(answer: &Verdict<T>) -> String {
    match answer {
        Verdict::NeedMore(more) => format!("\"{more} more bytes are needed\""),
        Verdict::NotThisProtocol(error) => format!("\"not this protocol: {error}\""),
        Verdict::Malformed(error) => format!("\"malformed: {error}\""),
        Verdict::Frame(_) => "\"a frame\"".to_owned(),
    }
}

/// The same; of a frame, how long it is.
pub(super) fn told_len(answer: &Verdict) -> String {
    match answer {
        Verdict::Frame(len) => format!("\"a frame of {len} bytes\""),
        other => told(other),
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

/// Runs a check over the frames of the good vectors.
pub(super) fn each<P: Plugin>(dir: &str, check: impl FnMut(&Sample) -> Result<(), String>) {
    each_of(&samples::<P>(dir), |sample| &sample.name, check);
}

/// Runs a check over everything in a list, and panics once about all that failed.
pub(super) fn each_of<T>(
    list: &[T],
    name: impl Fn(&T) -> &str,
    mut check: impl FnMut(&T) -> Result<(), String>,
) {
    let mut failures = Vec::new();
    for item in list {
        let result = catch_unwind(AssertUnwindSafe(|| check(item)));
        match result {
            Ok(Ok(())) => {}
            Ok(Err(what)) => failures.push(format!("{}: {what}", name(item))),
            Err(_) => failures.push(format!("{}: panicked, see above", name(item))),
        }
    }
    if failures.is_empty() {
        return;
    }
    let mut text = format!("{} of {} failed", failures.len(), list.len());
    for failure in failures.iter().take(SHOWN) {
        let _ = write!(text, "\n  {failure}");
    }
    panic!("{text}");
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

/// Every position in something of `len` bytes; of something long, those of its front and its end, and
/// some between.
pub(super) fn positions(len: usize) -> impl Iterator<Item = usize> {
    const DENSE: usize = 1024;
    const END: usize = 64;
    let step = (len / DENSE).max(1);
    (0..len).filter(move |at| *at < DENSE || at + END >= len || at % step == 0)
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

    #[test]
    fn positions_are_few_and_have_both_ends() {
        assert_eq!(positions(300).count(), 300);
        let many: Vec<_> = positions(100_000).collect();
        assert!(many.len() < 3000);
        assert_eq!((many[0], many[many.len() - 1]), (0, 99_999));
    }

    #[test]
    #[should_panic(expected = "2 of 3 failed\n  b: wrong\n  c: panicked, see above")]
    fn all_failures_are_told_at_once() {
        each_of(
            &["a", "b", "c"],
            |name| name,
            |name| match *name {
                "a" => Ok(()),
                "b" => Err("wrong".to_owned()),
                _ => panic!("as expected by the test"),
            },
        );
    }
}
