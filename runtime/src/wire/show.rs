//! Bytes in messages: in hexadecimal digits, and as text where they are text.

use core::fmt::{self, Write};

use super::{Error, Reason, Slot};

/// How an error shows the values of a byte field. A plugin without such a field has none of the code for
/// it.
#[derive(Clone, Copy)]
pub struct Show(fn(&mut fmt::Formatter<'_>, &Error) -> fmt::Result);

impl Show {
    /// As bytes.
    pub const BYTES: Self = Self(reason);

    /// Writes what is wrong with the value of the field.
    #[inline]
    pub(super) fn reason(self, f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
        (self.0)(f, error)
    }
}

impl fmt::Debug for Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Show")
    }
}

impl PartialEq for Show {
    /// There is one.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Show {}

fn reason(f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
    let slot = error.slot();
    match error.reason() {
        Reason::Magic { wanted, got } => {
            f.write_str("expected ")?;
            bytes(f, slot, wanted)?;
            f.write_str(", got ")?;
            bytes(f, slot, got)
        }
        Reason::UnknownValue { got } => {
            f.write_str("unexpected value ")?;
            bytes(f, slot, got)
        }
        other => fmt::Display::fmt(&other, f),
    }
}

/// The first bytes of a field, at most eight, without zeros at their end: where the first byte that differs has
/// decided, the others were not there.
fn bytes(f: &mut fmt::Formatter<'_>, slot: &Slot, number: u64) -> fmt::Result {
    let all = number.to_be_bytes();
    let from = all.len().saturating_sub(slot.size);
    let bytes = all.get(from..).unwrap_or_default();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
    let bytes = bytes.get(..=last).unwrap_or_default();
    f.write_str("0x")?;
    for nibble in bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]) {
        f.write_char(char::from_digit(nibble.into(), 16).unwrap_or_default())?;
    }
    if !bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    f.write_str(" \"")?;
    for byte in bytes {
        f.write_char(char::from(*byte))?;
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Endian;

    static MAGIC: Slot = Slot::first("Frame", "magic", 4, Endian::Big).showing(Some(Show::BYTES));

    #[test]
    fn bytes_are_shown_as_hex_and_as_text() {
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes).into();
        let shown = |reason| MAGIC.error(reason).to_string();
        let (wanted, got) = (number(b"PRPC"), number(b"GET "));
        assert_eq!(
            shown(Reason::Magic { wanted, got }),
            r#"Frame.magic at byte 0: expected 0x50525043 "PRPC", got 0x47455420 "GET ""#
        );
        let got = number(b"\x16\x03\x01\0");
        assert_eq!(
            shown(Reason::UnknownValue { got }),
            "Frame.magic at byte 0: unexpected value 0x160301"
        );
        let got = number(b"G\0\0\0");
        assert_eq!(
            shown(Reason::UnknownValue { got }),
            r#"Frame.magic at byte 0: unexpected value 0x47 "G""#
        );
        assert_eq!(
            shown(Reason::UnknownValue { got: 0 }),
            "Frame.magic at byte 0: unexpected value 0x00"
        );
        assert_eq!(
            shown(Reason::Missing),
            "Frame.magic at byte 0: required value missing"
        );
    }
}
