//! hessian2, the serialization of nearly every dubbo peer, read in place.
//!
//! Nothing is turned into objects: a value is read if somebody asks for it, and skipped otherwise.
//! The codes are those of the [Hessian 2.0 draft](http://hessian.caucho.com/doc/hessian-serialization.html)
//! as dubbo's own library (`hessian-lite`) reads and writes them.

mod read;
mod skip;
mod text;

pub use read::Reader;
pub use skip::{Classes, MAX_DEPTH};
pub use text::put_string;

/// Marks a [`Reader`] of this serialization.
#[derive(Clone, Copy, Debug)]
pub enum Hessian2 {}

/// The null value.
pub const NULL: u8 = b'N';
/// Starts a map of no named type.
pub const MAP: u8 = b'H';
/// Starts a map of a named type.
pub const TYPED_MAP: u8 = b'M';
/// Ends a map, or a list of unknown length.
pub const END: u8 = b'Z';
