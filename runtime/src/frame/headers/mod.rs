//! Header maps: ordered, duplicates allowed, kept as one block of bytes.
//!
//! A block is a run of pairs `u32 key length, key, u32 value length, value`, big-endian, up to the
//! end of the region. It is bolt's header encoding and the one that MOSN passes to plugins, so for
//! both a header map is copied, never rebuilt. Other protocols name a [`HeaderFormat`].

mod block;
mod counted;
mod format;
mod keep;
mod map;
mod region;
mod sized;
mod text;

pub use block::{HeaderWriter, Headers};
pub(crate) use block::{Pairs, Several, rewritten};
pub use counted::Counted;
pub use format::{FormatError, HeaderFormat};
pub use map::HeaderMap;
pub use region::{RegionReader, RegionWriter};
pub use sized::SizedPairs;
pub use text::{FlatText, TextPairs};
