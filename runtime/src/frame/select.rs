//! Which of a protocol's frames is at the front of some bytes.

use super::{Detection, Frame, Verdict, View};
use crate::wire::{Error, Reason};

/// The layouts of a protocol, tried by their fixed values alone: what to say of bytes that do not have all
/// of those of any layout.
#[derive(Clone, Copy, Debug)]
pub struct Select<'a> {
    bytes: &'a [u8],
    need: usize,
    magic: Option<Error>,
    malformed: Option<Error>,
}

impl<'a> Select<'a> {
    /// Nothing tried yet.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            need: usize::MAX,
            magic: None,
            malformed: None,
        }
    }

    /// Tries layout `F`.
    #[must_use]
    #[allow(
        clippy::inline_always,
        reason = "where the layouts are known, little is left of each"
    )]
    #[inline(always)]
    pub fn or<F: Frame>(mut self) -> Self {
        // No frame can be complete before the shortest fixed part of those still possible.
        match F::detect(self.bytes) {
            Detection::Yes | Detection::PartialTag => match F::ends_early(self.bytes) {
                None => self.need = self.need.min(F::lacking(self.bytes)),
                Some(error) => self.malformed = self.malformed.or(Some(error)),
            },
            // Whatever its lengths are, the bytes may be another protocol's.
            Detection::Partial => self.need = self.need.min(F::lacking(self.bytes)),
            Detection::Magic(error) => self.magic = self.magic.or(Some(error)),
            Detection::Tag(error) => self.malformed = self.malformed.or(Some(error)),
        }
        self
    }

    /// The answer when no frame was it.
    pub fn verdict<T>(self) -> Verdict<T> {
        match (self.need, self.malformed, self.magic) {
            (usize::MAX, Some(error), _) => Verdict::Malformed(error),
            (usize::MAX, None, Some(error)) => Verdict::NotThisProtocol(error),
            // A protocol has at least one frame, and each leaves a trace in one of the three.
            (need, _, _) => Verdict::NeedMore(need),
        }
    }
}

/// The layouts of a protocol, tried with their lengths and later values, where the fixed values alone do
/// not say which one it is.
///
/// The answer does not depend on the order of the layouts, but for which of two frames of equal length
/// it is, and it stays the same when more bytes arrive:
///
/// - Of several whole frames it is the shortest: it was whole before the others were.
/// - Without a whole frame, the bytes that are needed are the fewest that any possible layout lacks.
///   A layout is possible as long as its fixed values, its lengths and its later values allow it.
/// - If no layout is possible, the error is the likeliest one.
#[derive(Debug)]
pub struct SelectWhole<'a, T> {
    heads: Select<'a>,
    frame: Option<T>,
    likeliest: Option<Error>,
}

impl<'a, T: View> SelectWhole<'a, T> {
    /// Nothing tried yet.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            heads: Select::new(bytes),
            frame: None,
            likeliest: None,
        }
    }

    /// Tries layout `F`; `wrap` makes the protocol's frame of its view.
    pub fn or<F: Frame>(&mut self, wrap: impl FnOnce(F::View<'a>) -> T) {
        let bytes = self.heads.bytes;
        if !F::fits(bytes) {
            self.heads = self.heads.or::<F>();
            return;
        }
        let verdict = F::settle(bytes, F::scan(bytes)).map(wrap);
        self.tried(verdict);
    }

    /// The answer of a layout whose fixed values are there. A plugin has this code once.
    #[inline(never)]
    fn tried(&mut self, verdict: Verdict<T>) {
        match verdict {
            Verdict::Frame(frame) => {
                let len = |frame: &T| frame.raw().len();
                if self
                    .frame
                    .as_ref()
                    .is_none_or(|before| len(&frame) < len(before))
                {
                    self.frame = Some(frame);
                }
            }
            Verdict::NeedMore(lacking) => self.heads.need = self.heads.need.min(lacking),
            Verdict::Malformed(error) | Verdict::NotThisProtocol(error) => self.refuse(error),
        }
    }

    /// The bytes are not a frame of a layout whose fixed values are there. Such an error is likelier than
    /// those before if it is further on, and not about a magic, which may be another layout's.
    fn refuse(&mut self, error: Error) {
        let rank = |error: &Error| {
            let magic = matches!(error.reason(), Reason::Magic { .. });
            (!magic, error.offset())
        };
        if self
            .likeliest
            .is_none_or(|before| rank(&before) < rank(&error))
        {
            self.likeliest = Some(error);
        }
    }

    /// The answer of all layouts together.
    pub fn verdict(self) -> Verdict<T> {
        match (self.frame, self.likeliest) {
            (Some(frame), _) => Verdict::Frame(frame),
            (None, Some(error)) if self.heads.need == usize::MAX => Verdict::Malformed(error),
            (None, _) => self.heads.verdict(),
        }
    }
}
