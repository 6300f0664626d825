//! What a body is, by its content, and where its parts lie.

use std::borrow::Cow;
use std::ops::Range;

use super::attachments::Attachments;
use super::descriptor::parameters;
use super::values::{Cursor, Serialization};

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
    /// What it is written in.
    pub(super) serialization: Serialization,
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
        // A length of fastjson2 is an empty string in hessian2, which neither a call nor a result begins
        // with, so a body is in one of them at most.
        for values in [Cursor::hessian2(region), Cursor::fastjson2(region)] {
            if let Some(call) = Call::read(values.clone()) {
                return Self::Call(call);
            }
            if let Some(attachments) = result(values) {
                return Self::Result(attachments);
            }
        }
        Self::Other
    }
}

impl<'r> Call<'r> {
    /// Reads the front of a call as `DubboCodec.encodeRequestData` writes it. A body of another
    /// serialization does not begin with five strings of which the first is a version.
    fn read(mut values: Cursor<'r>) -> Option<Self> {
        let dubbo = Piece::read(&mut values, false)?;
        if !is_dubbo_version(&dubbo.text) {
            return None;
        }
        let path = Piece::read(&mut values, false)?;
        let version = Piece::read(&mut values, true)?;
        let method = Piece::read(&mut values, false)?;
        let descriptor = Piece::read(&mut values, false)?;
        Some(Self {
            serialization: values.serialization(),
            head: [dubbo, path, version, method],
            attachments: behind_arguments(values, &descriptor.text),
        })
    }
}

/// Whether a text can be the version of dubbo, by which a call is known: `2.0.2`, `3.2.0-beta`.
pub(super) fn is_dubbo_version(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) && text.is_ascii()
}

impl<'r> Piece<'r> {
    /// The next string, or a null where there may be one.
    fn read(values: &mut Cursor<'r>, nullable: bool) -> Option<Self> {
        let start = values.position();
        let text = values.value(|value| {
            if nullable && value.is_null() {
                return value.skip().map(|()| Cow::Borrowed(&[][..]));
            }
            value.string()
        })?;
        let range = start..values.position();
        Some(Self { range, text })
    }
}

fn behind_arguments<'r>(mut values: Cursor<'r>, descriptor: &[u8]) -> Option<Attachments<'r>> {
    for _ in 0..parameters(descriptor)? {
        values.pass()?;
    }
    Attachments::find(values)
}

/// The attachments of a result as `DubboCodec.encodeResponseData` writes it: a tag, then, unless the
/// value is null, the value or the exception, and where the tag says so attachments.
fn result(mut values: Cursor<'_>) -> Option<Attachments<'_>> {
    const EXCEPTION: i64 = 3;
    const VALUE: i64 = 4;
    const NULL_VALUE: i64 = 5;
    match values.value(Cursor::integer)? {
        EXCEPTION | VALUE => values.pass()?,
        NULL_VALUE => {}
        _ => return None,
    }
    Attachments::find(values)
}
