//! The frames that the tests work on.

use core::any::Any;
use core::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use meshwire::Bytes;

use super::describe::{answer, answer_len, ensure, hex};
use crate::dissect::Dissection;
use crate::vectors::{self, Expected, Vector, VectorError};
use meshwire::command::Command;
use meshwire::frame::{Direction, Verdict};
use meshwire::protocol::{Codec, Plugin};

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

/// The frames of the good vectors in a folder; at least one. Vectors that are not frames are left out: one
/// test is about those.
pub(super) fn samples<P: Plugin>(dir: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut broken = None;
    for vector in good(dir) {
        let what = match vector {
            Ok(vector) => frames::<P>(&vector, &mut samples).map_err(|what| named(&vector, &what)),
            Err(error) => Err(error.to_string()),
        };
        broken = broken.or(what.err());
    }
    // A test that tries nothing would pass.
    match broken {
        Some(what) if samples.is_empty() => panic!("no vector is a valid frame: {what}"),
        _ => samples,
    }
}

/// What is wrong with the good vectors of a folder that are not frames.
pub(super) fn broken<P: Plugin>(dir: &str) -> Vec<String> {
    let what = |vector: Result<Vector, VectorError>| match vector {
        Ok(vector) => {
            let frames = frames::<P>(&vector, &mut Vec::new());
            frames.err().map(|what| named(&vector, &what))
        }
        Err(error) => Some(error.to_string()),
    };
    good(dir).into_iter().filter_map(what).collect()
}

fn good(dir: &str) -> Vec<Result<Vector, VectorError>> {
    vectors::each_good(dir).unwrap_or_else(|error| panic!("{error}"))
}

/// The vectors of a folder that should be refused. Those that cannot be read are left out: one test is about
/// them.
pub(super) fn bad(dir: &str) -> Vec<Vector> {
    each_bad(dir).into_iter().flatten().collect()
}

/// The vectors of a folder that should be refused.
pub(super) fn each_bad(dir: &str) -> Vec<Result<Vector, VectorError>> {
    vectors::each_bad(dir).unwrap_or_else(|error| panic!("{error}"))
}

fn named(vector: &Vector, what: &str) -> String {
    format!("{}: {what}", vector.name())
}

/// Appends the frames of a vector, up to the first invalid one.
fn frames<P: Plugin>(vector: &Vector, samples: &mut Vec<Sample>) -> Result<(), String> {
    let mut rest = Bytes::copy_from_slice(&vector.bytes);
    let mut number = 0;
    while !rest.is_empty() {
        let at = vector.bytes.len() - rest.len();
        let len = match P::measure(&rest) {
            Verdict::Frame(len) if (1..=rest.len()).contains(&len) => len,
            other => {
                let answer = answer_len(&other);
                return Err(format!("the bytes from {at} on are not a frame: {answer}"));
            }
        };
        let bytes = rest.split_to(len);
        is_sound::<P>(&bytes).map_err(|what| format!("the frame at byte {at}: {what}"))?;
        let alone = number == 0 && rest.is_empty();
        samples.push(Sample {
            name: if alone {
                vector.name().to_owned()
            } else {
                format!("{}#{}", vector.name(), number + 1)
            },
            fields: fields::<P>(&bytes)
                .ok_or(format!("no layout matches the frame at byte {at}"))?,
            bytes,
            expected: vector.expected.get(number).cloned(),
        });
        number += 1;
    }
    let expected = vector.expected.len();
    ensure(expected <= number, || {
        format!("{number} frames, but expectations for {expected}")
    })
}

/// A frame whose headers can be read, in both shapes.
fn is_sound<P: Plugin>(frame: &Bytes) -> Result<(), String> {
    let headers = view::<P>(frame)?.header_map();
    headers.map_err(|error| format!("its headers are malformed: {error}"))?;
    decoded::<P>(frame).map(drop)
}

/// The fields of a whole frame, by the layout alone.
pub(super) fn fields<P: Plugin>(frame: &[u8]) -> Option<Dissection> {
    let asks = P::parse(frame).frame().map(|view| asks(&view));
    let direction = asks.map(|asks| {
        if asks {
            Direction::Request
        } else {
            Direction::Response
        }
    });
    Dissection::of(P::LAYOUTS, frame, direction)
}

fn asks(command: &impl Command) -> bool {
    command.as_request().is_some()
}

/// The frame at the front of `bytes`, which must be one.
pub(super) fn view<P: Codec>(bytes: &[u8]) -> Result<P::View<'_>, String> {
    match P::parse(bytes) {
        Verdict::Frame(view) => Ok(view),
        other => Err(format!(
            "{} is the answer to {}",
            answer(&other),
            hex(bytes)
        )),
    }
}

/// The owned frame of bytes that are one.
pub(super) fn decoded<P: Plugin>(bytes: &Bytes) -> Result<P::Frame, String> {
    match P::decode(bytes) {
        Verdict::Frame(frame) => Ok(frame),
        other => Err(format!("`decode` returns {}", answer(&other))),
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
    check: impl FnMut(&T) -> Result<(), String>,
) {
    report(&failures(list, name, check), list.len());
}

/// What fails of everything in a list.
pub(super) fn failures<T>(
    list: &[T],
    name: impl Fn(&T) -> &str,
    mut check: impl FnMut(&T) -> Result<(), String>,
) -> Vec<String> {
    let failure = |item| match catch_unwind(AssertUnwindSafe(|| check(item))) {
        Ok(Ok(())) => None,
        Ok(Err(what)) => Some(format!("{}: {what}", name(item))),
        Err(panic) => Some(format!("{}: {}", name(item), panicked(&*panic))),
    };
    list.iter().filter_map(failure).collect()
}

/// That there was a panic, and its message.
fn panicked(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    match message.or_else(|| panic.downcast_ref::<&str>().copied()) {
        Some(message) => format!("panicked, see above: {message}"),
        None => "panicked, see above".to_owned(),
    }
}

/// Panics about everything that failed, if anything has.
pub(super) fn report(failures: &[String], of: usize) {
    if failures.is_empty() {
        return;
    }
    let mut text = format!("{} of {of} failed", failures.len());
    for failure in failures.iter().take(SHOWN) {
        let _ = write!(text, "\n  {failure}");
    }
    panic!("{text}");
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
    fn positions_are_few_and_have_both_ends() {
        assert_eq!(positions(300).count(), 300);
        let many: Vec<_> = positions(100_000).collect();
        assert!(many.len() < 3000);
        assert_eq!((many[0], many[many.len() - 1]), (0, 99_999));
    }

    #[test]
    #[should_panic(
        expected = "2 of 3 failed\n  b: wrong\n  c: panicked, see above: as expected by the test"
    )]
    fn all_failures_are_shown_at_once() {
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
