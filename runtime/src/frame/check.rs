//! The type of a checksum.

use core::fmt;
use core::marker::PhantomData;

/// A checksum by the algorithm `A`. Like a [length](crate::Len) it holds nothing: it is compared on the
/// way in and computed on the way out.
pub struct Check<A>(PhantomData<A>);

impl<A> Check<A> {
    /// A checksum, to write a struct literal with.
    pub const COMPUTED: Self = Self(PhantomData);
}

impl<A> Clone for Check<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Check<A> {}

impl<A> Default for Check<A> {
    fn default() -> Self {
        Self::COMPUTED
    }
}

impl<A> PartialEq for Check<A> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<A> Eq for Check<A> {}

impl<A> fmt::Debug for Check<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("computed")
    }
}
