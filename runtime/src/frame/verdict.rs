//! The four answers to "what is at the front of these bytes?".

use super::Stop;
use crate::wire::Error;

/// What the bytes at the front of a stream are. The four answers are never confused: each asks for
/// another reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict<T = usize> {
    /// At least this many more bytes are needed before the answer can be another one. Wait.
    NeedMore(usize),
    /// The bytes differ from every frame's fixed values. Let another protocol try.
    NotThisProtocol(Error),
    /// The bytes begin like a frame and cannot become one. Close the connection.
    Malformed(Error),
    /// A whole frame: its length in bytes, or the frame itself.
    Frame(T),
}

impl<T> Verdict<T> {
    /// The same answer with another frame.
    #[inline]
    pub fn map<U>(self, frame: impl FnOnce(T) -> U) -> Verdict<U> {
        self.and_then(|found| Ok(frame(found)))
    }

    /// The same answer with another frame, or with the error that making it met.
    #[inline]
    pub fn and_then<U>(self, frame: impl FnOnce(T) -> Result<U, Error>) -> Verdict<U> {
        match self {
            Self::NeedMore(bytes) => Verdict::NeedMore(bytes),
            Self::NotThisProtocol(error) => Verdict::NotThisProtocol(error),
            Self::Malformed(error) => Verdict::Malformed(error),
            Self::Frame(found) => match frame(found) {
                Ok(frame) => Verdict::Frame(frame),
                Err(error) => Verdict::Malformed(error),
            },
        }
    }

    /// Whether these bytes are a frame, or more of them may be one.
    #[doc(hidden)]
    #[inline]
    pub const fn is_possible(&self) -> bool {
        matches!(self, Self::NeedMore(_) | Self::Frame(_))
    }

    /// The frame, if there is one.
    #[inline]
    pub fn frame(self) -> Option<T> {
        match self {
            Self::Frame(frame) => Some(frame),
            _ => None,
        }
    }
}

impl<T> From<Result<T, Stop>> for Verdict<T> {
    #[inline]
    fn from(scan: Result<T, Stop>) -> Self {
        match scan {
            Ok(frame) => Self::Frame(frame),
            Err(Stop::Need(bytes)) => Self::NeedMore(bytes),
            Err(Stop::Malformed(error)) => Self::Malformed(error),
            Err(Stop::Refused(refused)) => Self::Malformed(refused.error()),
        }
    }
}
