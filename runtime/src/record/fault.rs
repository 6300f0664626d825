//! Errors on the way.

use crate::frame::FormatError;
use crate::wire::Reason;

/// What is wrong with a region, or with a change. A pointer, so that results are small: nearly all of them are no
/// errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<FormatError>);

impl Fault {
    /// An error at this offset of the region.
    #[cold]
    #[inline(never)]
    pub fn new(offset: usize, reason: Reason) -> Self {
        Self(Box::new(FormatError { offset, reason }))
    }

    /// The error of a part. No `From`: with a second one, `?` in closures of authors would need a type.
    #[cold]
    pub(super) fn into_error(self) -> FormatError {
        *self.0
    }

    /// A change that cannot be made.
    #[cold]
    #[inline(never)]
    pub(super) fn cannot(reason: Reason) -> Self {
        Self::new(0, reason)
    }
}

/// A result with such an error.
pub type Result<T> = core::result::Result<T, Fault>;
