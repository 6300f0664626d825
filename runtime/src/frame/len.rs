//! The type of a length field.

use core::fmt;
use core::marker::PhantomData;

/// A length field of the integer type `T`. It holds nothing: the length of a part is a fact of the
/// wire, read from it on the way in and computed on the way out, so a struct cannot contradict
/// itself and two equal frames compare equal.
///
/// To see the number on the wire, ask the view: `view.class_len()`.
pub struct Len<T>(PhantomData<T>);

impl<T> Len<T> {
    /// A length field, to write a struct literal with.
    pub const COMPUTED: Self = Self(PhantomData);
}

impl<T> Clone for Len<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Len<T> {}

impl<T> Default for Len<T> {
    fn default() -> Self {
        Self::COMPUTED
    }
}

impl<T> PartialEq for Len<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Len<T> {}

impl<T> fmt::Debug for Len<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("computed")
    }
}
