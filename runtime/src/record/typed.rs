//! Values in the types of their rows.

use super::edit::no_place;
use super::encoding::{Encoding, Value};
use super::fault::{Fault, Result};
use super::features::Features;
use super::sign::extended;
use super::table::{Row, Ty};
use crate::command::IdEdit;
use crate::wire::Reason;

/// The id in the type of its row: the bit pattern of a number.
#[inline]
pub(super) fn id_of<'c, E: Encoding>(
    row: &Row,
    id: IdEdit<'c>,
    digits: &'c [u8],
) -> Result<Value<'c>> {
    let got = match id {
        IdEdit::Number(number) => number,
        IdEdit::Opaque(text) if E::HAS.meets(Features::TEXT_IDS) => {
            return value::<E>(row, None, text);
        }
        IdEdit::Opaque(_) => return Err(no_place()),
    };
    let Ty::Int {
        bits,
        signed: is_signed,
    } = row.ty
    else {
        return Ok(Value::Bytes(digits));
    };
    let max = u64::MAX >> (64 - u32::from(bits));
    if got > max {
        return Err(Fault::cannot(Reason::OutOfRange { max, got }));
    }
    Ok(Value::Int(extended(got, bits, is_signed)))
}

/// A value in the type of its row: the number for an integer, else the text.
pub(super) fn value<'c, E: Encoding>(
    row: &Row,
    number: Option<i64>,
    text: &'c [u8],
) -> Result<Value<'c>> {
    if !matches!(row.ty, Ty::Int { .. }) {
        return Ok(Value::Bytes(text));
    }
    let got = row.ty.integer(number.ok_or_else(no_place)?);
    let got = got.map_err(Fault::cannot)?;
    if E::HAS.meets(Features::VALUES) && !row.allows(got) {
        return Err(Fault::cannot(Reason::UnknownValue { got }));
    }
    Ok(Value::Int(got))
}
