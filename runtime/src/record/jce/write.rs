//! Fields that are written.

use super::super::encoding::Value;
use super::super::fault::{Fault, Result};
use super::super::sign::signed;
use super::reader::Type;
use crate::wire::Reason;
use crate::wire::decimal::Digits;

/// Appends the tag and the type of a field.
#[cfg_attr(not(target_family = "wasm"), inline)]
pub(super) fn head(tag: u8, ty: Type, out: &mut Vec<u8>) {
    if tag < 15 {
        out.push(tag << 4 | ty as u8);
    } else {
        out.extend_from_slice(&[0xf0 | ty as u8, tag]);
    }
}

/// Appends an integer, in the narrowest type that holds it.
#[cfg_attr(not(target_family = "wasm"), inline)]
pub(super) fn int(tag: u8, number: i64, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    let (ty, width) = match number {
        0 => (Type::Zero, 0),
        -0x80..=0x7f => (Type::I8, 1),
        -0x8000..=0x7fff => (Type::I16, 2),
        -0x8000_0000..=0x7fff_ffff => (Type::I32, 4),
        _ => (Type::I64, 8),
    };
    head(tag, ty, out);
    out.extend_from_slice(bytes.get(8 - width..).unwrap_or_default());
}

/// Appends how many there are.
pub(super) fn count(count: usize, out: &mut Vec<u8>) -> Result<()> {
    let number = i32::try_from(count).map_err(|_| too_long(count, i32::MAX.unsigned_abs()))?;
    int(0, number.into(), out);
    Ok(())
}

/// Appends a string; any bytes. Fails if there are 4 GiB of them.
pub(super) fn string(tag: u8, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
    if let Ok(len) = u8::try_from(text.len()) {
        head(tag, Type::String1, out);
        out.push(len);
    } else {
        let len = u32::try_from(text.len()).map_err(|_| too_long(text.len(), u32::MAX))?;
        head(tag, Type::String4, out);
        out.extend_from_slice(&len.to_be_bytes());
    }
    out.extend_from_slice(text);
    Ok(())
}

/// Appends bytes, as a simple list. Fails if there are 2 GiB of them.
pub(super) fn bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
    head(tag, Type::SimpleList, out);
    head(0, Type::I8, out);
    count(bytes.len(), out)?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// Appends an entry of a map.
pub(super) fn pair(name: &[u8], value: &[u8], out: &mut Vec<u8>) -> Result<()> {
    string(0, name, out)?;
    string(1, value, out)
}

/// The same for a field of a record that is a map.
pub(super) fn named(name: &[u8], value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
    match value {
        Value::Bytes(text) => pair(name, text, out),
        Value::Int(number) => {
            let number = signed(number);
            pair(
                name,
                Digits::of(number < 0, number.unsigned_abs()).bytes(),
                out,
            )
        }
        _ => Err(Fault::cannot(Reason::NoPlace)),
    }
}

fn too_long(got: usize, max: u32) -> Fault {
    Fault::cannot(Reason::TooLong {
        max: max.into(),
        got: got as u64,
    })
}
