//! Where the parts of a body are, by what the header of its frame says that it is.

use std::borrow::Cow;
use std::ops::Range;

use super::Head;
use super::attachments::Attachments;
use super::descriptor::parameters;
use super::values::{Cursor, Serialization};

/// The headers of a call that are not in its attachments, in their order.
pub(super) const NAMES: [&[u8]; 4] = [b"dubbo", b"service", b"version", b"method"];
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

/// A call, as far as it can be read.
pub(super) struct Call<'r> {
    /// What it is written in.
    pub(super) serialization: Serialization,
    /// The values that are headers, in the order of [`NAMES`]; none from the first one on that has no end.
    pub(super) head: [Option<Piece<'r>>; 4],
    /// What is after the arguments; `None` if that is unknown.
    pub(super) attachments: Option<Attachments<'r>>,
}

/// A value that should be a string.
pub(super) struct Piece<'r> {
    /// Its place.
    pub(super) range: Range<usize>,
    /// What it says, of a null nothing; `None` if it is not a string that can be read here.
    pub(super) text: Option<Cow<'r, [u8]>>,
}

impl<'r> Parts<'r> {
    /// The parts of a body.
    pub(super) fn of(region: &'r [u8], head: Head) -> Self {
        let serialization = Serialization::of(head.serialization);
        let Some(serialization) = serialization.filter(|_| head.event == 0) else {
            return Self::Other;
        };
        let values = Cursor::new(serialization, region);
        if head.request == 0 {
            result(values).map_or(Self::Other, Self::Result)
        } else {
            Self::Call(Call::read(values))
        }
    }
}

impl<'r> Call<'r> {
    /// Reads a call as `DubboCodec.encodeRequestData` writes it. What its version says does not matter:
    /// Dubbo 2.5 takes it from the name of a jar, and a provider reads any string.
    fn read(mut values: Cursor<'r>) -> Self {
        let serialization = values.serialization();
        let mut head = [const { None }; 4];
        for place in &mut head {
            *place = Piece::read(&mut values);
            if place.is_none() {
                break;
            }
        }
        let is_whole = head.iter().all(Option::is_some);
        let attachments = is_whole.then(|| behind_arguments(values)).flatten();
        Self {
            serialization,
            head,
            attachments,
        }
    }

    /// Whether all that a provider believes has been read.
    pub(super) fn is_whole(&self) -> bool {
        let is_read = |piece: &Option<Piece<'_>>| {
            let piece = piece.as_ref();
            piece.is_some_and(|piece| piece.text.is_some())
        };
        self.head.iter().all(is_read)
            && self.attachments.as_ref().is_some_and(Attachments::is_whole)
    }
}

impl<'r> Piece<'r> {
    /// The next value, if it has an end.
    fn read(values: &mut Cursor<'r>) -> Option<Self> {
        let start = values.position();
        let mut after = values.clone();
        let text = after.value(|value| {
            if value.is_null() {
                return value.skip().map(|()| Cow::Borrowed(&[][..]));
            }
            value.string()
        });
        if text.is_some() {
            *values = after;
        } else {
            values.pass()?;
        }
        let range = start..values.position();
        Some(Self { range, text })
    }
}

fn behind_arguments(mut values: Cursor<'_>) -> Option<Attachments<'_>> {
    for _ in 0..arguments(&mut values)? {
        values.pass()?;
    }
    Attachments::find(values)
}

/// How many arguments there are: as many as the descriptor has parameters. dubbox 2.8 writes a number before
/// it: −1, or how many there are, and then no descriptor (`DubboCodec.encodeRequestData` of dubbox).
fn arguments(values: &mut Cursor<'_>) -> Option<u64> {
    let mut after = values.clone();
    if let Some(number) = after.value(Cursor::integer) {
        *values = after;
        if let Ok(number) = u64::try_from(number) {
            return Some(number);
        }
    }
    let descriptor = Piece::read(values)?.text?;
    parameters(&descriptor)
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
