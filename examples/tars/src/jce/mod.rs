//! JCE, the encoding of tars: fields with a tag and a type, read in place.
//!
//! A field begins with a byte that holds its tag (the high nibble; 15 says that the tag is the next
//! byte) and the type of its value (the low nibble). Integers are written in the narrowest type that holds
//! them, so a field of any width may come as any narrower one. A struct ends with the region or, inside
//! another value, with a field of the type [`Type::StructEnd`]. The facts are those of `TarsGo`'s
//! `tars/protocol/codec/codec.go`.

mod field;
mod map;
mod skip;
mod write;

pub use field::{Field, Fields, Type};
pub use map::{Entries, Entry};
pub use skip::MAX_DEPTH;
pub use write::{put_bytes, put_head, put_int, put_string};
