//! What a body is, by its content, and where its parts lie.

use std::borrow::Cow;
use std::ops::Range;

use super::attachments::Attachments;
use super::descriptor::parameters;
use crate::hessian::{Classes, NULL, Reader};

/// The headers of a call that do not lie in its attachments, in their order.
pub(super) const NAMES: [&[u8]; 4] = [b"dubbo", b"service", b"version", b"method"];
/// The one of them by which a call is known.
pub(super) const DUBBO: usize = 0;
/// The one of them that may be null.
pub(super) const VERSION: usize = 2;

/// A body.
pub(super) enum Parts<'r> {
    /// A call.
    Call(Call<'r>),
    /// A result with attachments.
    Result(Attachments<'r>),
    /// Anything else.
    Other,
}

/// A call.
pub(super) struct Call<'r> {
    /// The strings that are headers, in the order of [`NAMES`].
    pub(super) head: [Piece<'r>; 4],
    /// What is behind the arguments; `None` if that cannot be told.
    pub(super) attachments: Option<Attachments<'r>>,
}

/// A string in a region.
pub(super) struct Piece<'r> {
    /// Its place.
    pub(super) range: Range<usize>,
    /// What it says; of a null, nothing.
    pub(super) text: Cow<'r, [u8]>,
}

impl<'r> Parts<'r> {
    /// Finds out what a body is.
    pub(super) fn of(region: &'r [u8]) -> Self {
        if let Some(call) = Call::of(region) {
            return Self::Call(call);
        }
        result(region).map_or(Self::Other, Self::Result)
    }
}

impl<'r> Call<'r> {
    /// Reads the front of a call as `DubboCodec.encodeRequestData` writes it. A body of another
    /// serialization does not begin with five hessian2 strings of which the first is a version.
    fn of(region: &'r [u8]) -> Option<Self> {
        let mut reader = Reader::new(region);
        let dubbo = Piece::read(&mut reader, false)?;
        if !is_dubbo_version(&dubbo.text) {
            return None;
        }
        let path = Piece::read(&mut reader, false)?;
        let version = Piece::read(&mut reader, true)?;
        let method = Piece::read(&mut reader, false)?;
        let descriptor = Piece::read(&mut reader, false)?;
        Some(Self {
            head: [dubbo, path, version, method],
            attachments: behind_arguments(reader, &descriptor.text),
        })
    }
}

/// Whether a text can be the version of dubbo, by which a call is known: `2.0.2`, `3.2.0-beta`.
pub(super) fn is_dubbo_version(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) && text.is_ascii()
}

impl<'r> Piece<'r> {
    /// The next string, or a null where there may be one.
    fn read(reader: &mut Reader<'r>, nullable: bool) -> Option<Self> {
        let start = reader.position();
        let text = if nullable && reader.peek() == Some(NULL) {
            reader.byte().ok()?;
            Cow::Borrowed(&[][..])
        } else if reader.is_string() {
            reader.string().ok()?
        } else {
            return None;
        };
        let range = start..reader.position();
        Some(Self { range, text })
    }
}

fn behind_arguments<'r>(mut reader: Reader<'r>, descriptor: &[u8]) -> Option<Attachments<'r>> {
    let mut classes = Classes::default();
    for _ in 0..parameters(descriptor)? {
        reader.skip(&mut classes).ok()?;
    }
    Attachments::find(reader, classes)
}

/// The attachments of a result as `DubboCodec.encodeResponseData` writes it: a tag, then, unless the
/// value is null, the value or the exception, and where the tag says so attachments.
fn result(region: &[u8]) -> Option<Attachments<'_>> {
    const EXCEPTION: i32 = 3;
    const VALUE: i32 = 4;
    const NULL_VALUE: i32 = 5;
    let mut reader = Reader::new(region);
    let mut classes = Classes::default();
    match reader.int().ok()? {
        EXCEPTION | VALUE => reader.skip(&mut classes).ok()?,
        NULL_VALUE => {}
        _ => return None,
    }
    Attachments::find(reader, classes)
}
