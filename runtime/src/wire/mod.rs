//! Bytes: values at known offsets, and the errors that say where bytes went wrong.

mod ascii_decimal;
mod bits;
mod checksum;
pub mod decimal;
mod error;
mod fixed_str;
mod number;
mod shared;
mod show;
mod slot;
mod variable;
pub mod varint;
mod wide;

pub use ascii_decimal::AsciiDecimal;
pub use bits::{Bits, Endian, Fixed, Int};
pub use checksum::{Checksum, Crc32};
pub use error::{Error, Item, ItemPart, Reason};
pub use fixed_str::FixedStr;
pub(crate) use number::Decimal;
pub(crate) use shared::shared;
pub use show::Show;
pub use slot::{Slot, offset_in};
pub use variable::{Variable, Varint, Zigzag};
pub use wide::{U24, U48};
