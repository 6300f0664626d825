//! Bytes: values at known offsets, and errors with the field and the offset.

pub(crate) mod ascii_decimal;
mod bits;
pub(crate) mod checksum;
mod crc;
pub mod decimal;
mod error;
pub(crate) mod fixed_str;
pub(crate) mod json;
mod keys;
mod number;
mod shared;
mod show;
mod slot;
pub(crate) mod variable;
pub mod varint;
pub(crate) mod wide;

pub(crate) use ascii_decimal::AsciiDecimal;
pub use bits::{Bits, Endian, Fixed, Int};
pub use checksum::Checksum;
pub use crc::{
    Adler32, Crc16, Crc16Arc, Crc16Ibm3740, Crc16Kermit, Crc16Modbus, Crc16X25, Crc16Xmodem,
    Crc32c, Sum8, Sum16, Xor8,
};
pub use error::{EntryPart, Error, HeaderEntry, Reason};
pub(crate) use fixed_str::FixedStr;
pub use keys::Keys;
#[cfg(not(target_family = "wasm"))]
pub use keys::{DeclaredKey, EntryValue, KeyedEntry, PartKeys};
pub(crate) use number::Decimal;
pub(crate) use shared::shared;
pub use show::Show;
pub use slot::{Slot, offset_in};
pub use variable::Variable;
pub(crate) use variable::{Varint, Zigzag};
pub(crate) use wide::{U24, U48};
