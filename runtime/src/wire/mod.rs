//! Bytes: fixed-width values at known offsets, and the errors that say where bytes went wrong.

mod bits;
pub mod decimal;
mod error;
mod slot;
pub mod varint;

pub use bits::{Bits, Endian, Fixed, Int};
pub use error::{Error, Item, ItemPart, Reason};
pub use slot::{Slot, offset_in};
