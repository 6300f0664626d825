//! What the author derives beside `Frame`.
//!
//! The enum of a protocol's frames is what its frames are. Where one of them lacks a derive, that is one
//! error at its name, and not one at each use: what is missing is replaced.

use core::fmt::{self, Debug, Formatter};

/// A frame, as far as it can be copied, shown and compared.
pub struct Derived<'f, T>(pub &'f T);

impl<T: Clone + Debug + PartialEq> Derived<'_, T> {
    /// Whether it can be all of it.
    pub const WHOLLY: bool = true;
}

impl<T: Clone> Derived<'_, T> {
    /// A copy.
    pub fn copied(&self) -> T {
        self.0.clone()
    }
}

impl<T: Debug> Derived<'_, T> {
    /// Shows it.
    pub fn show(&self, f: &mut Formatter<'_>, name: &str) -> fmt::Result {
        f.debug_tuple(name).field(self.0).finish()
    }
}

impl<T: PartialEq> Derived<'_, T> {
    /// Compares it.
    pub fn same(&self, other: &T) -> bool {
        self.0 == other
    }
}

/// Replaces what a frame lacks: where a type has a method of its own, that is meant.
pub trait Underived<T> {
    /// Whether it can be all of it.
    const WHOLLY: bool = false;

    /// Never called.
    fn copied(&self) -> T {
        unreachable!()
    }

    /// Never called.
    fn show(&self, _: &mut Formatter<'_>, _: &str) -> fmt::Result {
        unreachable!()
    }

    /// Never called.
    fn same(&self, _: &T) -> bool {
        unreachable!()
    }
}

impl<T> Underived<T> for Derived<'_, T> {}
