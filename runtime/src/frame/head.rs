//! The front of a frame up to its body: all that a host which keeps the bytes itself asks a plugin about.

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
}

impl<V> Head<V> {
    /// The same front of a frame, with another view.
    #[inline]
    pub fn map<U>(self, wrap: impl FnOnce(V) -> U) -> Head<U> {
        Head {
            view: wrap(self.view),
            body: self.body,
            len: self.len,
            sealed: self.sealed,
        }
    }
}
