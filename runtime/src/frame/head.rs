//! The front of a frame up to its body: all that a host which keeps the bytes itself asks a plugin about.

use super::{Frame, Stop};

/// A frame of which the bytes before the body are there, and of the body perhaps none.
#[derive(Clone, Copy, Debug)]
pub struct Head<V> {
    /// The frame. Its body is empty unless all of it is there.
    pub view: V,
    /// Where the body begins; the end of the frame if it has none.
    pub body: usize,
    /// How many bytes the frame has.
    pub len: usize,
    /// Something after the body depends on what is before it: the bytes cannot be patched.
    pub sealed: bool,
    /// Its headers and its timeout are in the body: they are known of the whole alone.
    pub later: bool,
}

impl<V> Head<V> {
    /// The front of a frame with headers in its body.
    #[inline]
    #[must_use]
    pub fn and_later(mut self) -> Self {
        self.later = true;
        self
    }

    /// The same front of a frame, with another view.
    #[inline]
    pub fn map<U>(self, wrap: impl FnOnce(V) -> U) -> Head<U> {
        Head {
            view: wrap(self.view),
            body: self.body,
            len: self.len,
            sealed: self.sealed,
            later: self.later,
        }
    }
}

/// What is at the front of some bytes, of which what is before the body is enough. Why bytes are malformed is not said: the
/// [whole](super::Verdict) does.
#[derive(Clone, Copy, Debug)]
pub enum Front<V> {
    /// At least this many more bytes are needed.
    NeedMore(usize),
    /// The bytes cannot become a frame.
    Malformed,
    /// A frame.
    Frame(Head<V>),
}

impl<V> Front<V> {
    /// The answer of a scan of bytes that are those of `F`.
    #[inline]
    pub fn of<F: Frame>(bytes: &[u8], scan: Result<Head<V>, Stop>) -> Self {
        match scan {
            Ok(head) => Self::Frame(head),
            Err(Stop::Need(_)) if F::ends_early(bytes).is_some() => Self::Malformed,
            Err(Stop::Need(more)) => Self::NeedMore(more),
            Err(Stop::Malformed(_) | Stop::Refused(_)) => Self::Malformed,
        }
    }

    /// The same answer with another view.
    #[inline]
    pub fn map<U>(self, wrap: impl FnOnce(V) -> U) -> Front<U> {
        match self {
            Self::NeedMore(more) => Front::NeedMore(more),
            Self::Malformed => Front::Malformed,
            Self::Frame(head) => Front::Frame(head.map(wrap)),
        }
    }

    /// Whether these bytes are a frame, or more of them may be one.
    #[inline]
    pub const fn is_possible(&self) -> bool {
        !matches!(self, Self::Malformed)
    }
}
