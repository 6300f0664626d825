//! Bytes: values at known offsets, and the errors that say where bytes went wrong.

mod bits;
mod checksum;
pub mod decimal;
mod digits;
mod error;
mod number;
mod padded;
mod shared;
mod show;
mod slot;
mod variable;
pub mod varint;
mod wide;

pub use bits::{Bits, Endian, Fixed, Int};
pub use checksum::{Checksum, Crc32};
pub use digits::Digits;
pub use error::{Error, Item, ItemPart, Reason};
pub(crate) use number::Decimal;
pub use padded::Padded;
pub(crate) use shared::shared;
pub use show::Show;
pub use slot::{Slot, offset_in};
pub use variable::{Variable, Varint, Zigzag};
pub use wide::{U24, U48};
