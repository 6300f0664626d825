//! fastjson2, the serialization that peers of Dubbo prefer among themselves since 3.2, read in place.
//!
//! A body is a run of values: of each a length of four bytes, big-endian, and then the value in JSONB,
//! the binary format of fastjson2. The former is what dubbo's `FastJson2ObjectOutput` writes, the codes
//! of the latter are those of fastjson2's `JSONB.Constants` as `JSONReaderJSONB` and `JSONWriterJSONB`
//! read and write them (2.0.52).

mod read;
mod skip;
mod text;

pub use read::Reader;
pub use skip::MAX_DEPTH;
pub use text::put_string;

/// Marks a [`Reader`] of this serialization.
#[derive(Clone, Copy, Debug)]
pub enum Fastjson2 {}

/// The null value.
pub const NULL: u8 = 0xaf;
/// Starts an object, or a map: names and values in turn.
pub const OBJECT: u8 = 0xa6;
/// Ends an object.
pub const END: u8 = 0xa5;
/// Precedes the name of a type, which is that of the following value.
pub const TYPED: u8 = 0x92;
/// Precedes a name that has a number.
pub const SYMBOL: u8 = 0x7f;
/// Bytes of the length before a value.
pub const LENGTH: usize = 4;
