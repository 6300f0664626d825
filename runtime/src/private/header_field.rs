//! Fields among the headers.

use core::str;

use super::hex;
use crate::command::{Command, Timeout};
use crate::frame::{HeaderMap, HeaderWriter, Headers, Text};
use crate::wire::{
    AsciiDecimal, Error, Fixed, FixedStr, Int, Reason, Slot, U24, U48, Varint, Zigzag,
};

/// Room for a number in decimal: as many digits as the largest one has.
pub type Digits = [u8; 20];

/// A fixed field that can be shown as a header.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown as a header",
    label = "not a number, a text or an enum of codes",
    note = "use an integer, `FixedStr`, an enum with `#[derive(Frame)]`, or `[u8; N]` with `as = hex`"
)]
pub trait HeaderField: Fixed {
    /// Room for what is not in the frame as text.
    type Buffer: Default;

    /// The field as a header, in `buffer` if it is not in the frame as text.
    fn to_header<'s>(&'s self, buffer: &'s mut Self::Buffer) -> &'s [u8];

    /// The field that a header shows, or the error.
    fn from_header(value: &[u8]) -> Result<Self, Reason>;
}

/// What to say of a header that is not a number of the field's; [`from_header`] knows the largest one.
const NO_NUMBER: Reason = Reason::OutOfRange { max: 0, got: 0 };

macro_rules! integers {
    ($($int:ident)+) => {$(
        impl HeaderField for $int {
            type Buffer = Digits;

            fn to_header<'s>(&'s self, buffer: &'s mut Digits) -> &'s [u8] {
                decimal(Int::signed(*self), Int::pattern(*self), buffer)
            }

            fn from_header(value: &[u8]) -> Result<Self, Reason> {
                let number = str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                number.ok_or(NO_NUMBER)
            }
        }
    )+};
}

integers! { u8 u16 u32 u64 i8 i16 i32 i64 }

macro_rules! unsigned {
    ($([$($generics:tt)*] $int:ty;)+) => {$(
        impl<$($generics)*> HeaderField for $int {
            type Buffer = Digits;

            fn to_header<'s>(&'s self, buffer: &'s mut Digits) -> &'s [u8] {
                decimal(0, self.pattern(), buffer)
            }

            fn from_header(value: &[u8]) -> Result<Self, Reason> {
                Self::from_pattern(u64::from_header(value)?).ok_or(NO_NUMBER)
            }
        }
    )+};
}

unsigned! {
    [] U24;
    [] U48;
    [const N: usize] AsciiDecimal<N>;
}

macro_rules! variable {
    ($($name:ident<$int:ident>)+) => {$(
        impl HeaderField for $name<$int> {
            type Buffer = Digits;

            fn to_header<'s>(&'s self, buffer: &'s mut Digits) -> &'s [u8] {
                decimal(self.signed(), self.pattern(), buffer)
            }

            fn from_header(value: &[u8]) -> Result<Self, Reason> {
                $int::from_header(value).map(Self::new)
            }
        }
    )+};
}

variable! { Varint<u16> Varint<u32> Varint<u64> Zigzag<i16> Zigzag<i32> Zigzag<i64> }

/// A number in decimal, without the formatting code of `core`.
fn decimal(signed: i64, pattern: u64, buffer: &mut Digits) -> &[u8] {
    let mut rest = if signed < 0 {
        signed.unsigned_abs()
    } else {
        pattern
    };
    let mut start = buffer.len();
    for digit in buffer.iter_mut().rev() {
        start -= 1;
        if rest == 0 && signed < 0 {
            *digit = b'-';
            break;
        }
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 && signed >= 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

impl<const N: usize, const PAD: u8> HeaderField for FixedStr<N, PAD> {
    type Buffer = ();

    fn to_header<'s>(&'s self, (): &'s mut ()) -> &'s [u8] {
        self.trimmed()
    }

    fn from_header(value: &[u8]) -> Result<Self, Reason> {
        Self::fitting(value)
    }
}

impl<const N: usize> HeaderField for [u8; N] {
    type Buffer = Vec<u8>;

    fn to_header<'s>(&'s self, buffer: &'s mut Vec<u8>) -> &'s [u8] {
        hex::append(self, buffer);
        buffer
    }

    fn from_header(value: &[u8]) -> Result<Self, Reason> {
        let bytes = hex::read(value)?;
        bytes.try_into().map_err(|_| Reason::NotHex)
    }
}

/// A code by its name; one without a name as a number.
pub fn code_to_header<'s, T: Fixed<Bits: Int>>(code: &T, buffer: &'s mut Digits) -> &'s [u8] {
    let bits = code.bits();
    let named = T::CODES.iter().find(|(_, code)| *code == bits.pattern());
    match named {
        Some((name, _)) => name.as_bytes(),
        None => decimal(bits.signed(), bits.pattern(), buffer),
    }
}

/// The code of a name, or of a number that has no name.
pub fn code_from_header<T: Fixed<Bits: Int>>(value: &[u8]) -> Result<T, Reason> {
    let named = T::CODES.iter().find(|(name, _)| name.as_bytes() == value);
    let bits = match named {
        Some((_, code)) => T::Bits::from_pattern(*code),
        None => number_without_name::<T>(value),
    };
    bits.and_then(T::from_bits).ok_or(Reason::UnknownName)
}

fn number_without_name<T: Fixed<Bits: Int>>(value: &[u8]) -> Option<T::Bits> {
    let text = str::from_utf8(value).ok()?;
    let bits = if text.starts_with('-') {
        T::Bits::from_signed(text.parse().ok()?)
    } else {
        // Of a signed integer, the pattern of a negative number is none that is written so.
        T::Bits::from_length(text.parse().ok()?)
    };
    let mut codes = T::CODES.iter();
    bits.filter(|bits| codes.all(|(_, code)| *code != bits.pattern()))
}

/// Shows a fixed field among the headers.
pub fn to_header<T: HeaderField>(out: &mut HeaderWriter<'_>, key: &str, value: &T) {
    out.pair(key.as_bytes(), value.to_header(&mut T::Buffer::default()));
}

/// Shows a text among the headers.
pub fn text_to_header(out: &mut HeaderWriter<'_>, key: &str, text: &[u8]) {
    out.pair(key.as_bytes(), text);
}

/// What the headers have under a field's name, if it is not what came. A field is always there, so
/// taking its header away is refused, as is a change that the declaration does not allow.
///
/// The map may have headers of the name too, and hosts add headers and hand them back in any order: as long as
/// one of them has what came, the field keeps it.
fn wanted<'h>(
    headers: Option<Headers<'h>>,
    key: &str,
    came: &[u8],
    slot: &'static Slot,
    read_only: bool,
) -> Result<Option<&'h [u8]>, Error> {
    let Some(headers) = headers else {
        return Ok(None);
    };
    let mut values = headers.values(key.as_bytes());
    match values.next() {
        Some(value) if value == came || values.any(|value| value == came) => Ok(None),
        Some(value) if !read_only => Ok(Some(value)),
        _ => Err(slot.error(Reason::ReadOnly)),
    }
}

/// The text that the headers want in the place of one that came.
pub fn text_from_header<'h>(
    headers: Option<Headers<'h>>,
    key: &str,
    came: &[u8],
    slot: &'static Slot,
    read_only: bool,
) -> Result<Option<&'h [u8]>, Error> {
    wanted(headers, key, came, slot, read_only)
}

/// The value that the headers want in the place of one that came.
pub fn from_header<T: HeaderField>(
    headers: Option<Headers<'_>>,
    key: &str,
    came: &T,
    slot: &'static Slot,
    read_only: bool,
) -> Result<Option<T>, Error> {
    if headers.is_none() {
        return Ok(None);
    }
    let mut buffer = T::Buffer::default();
    let came = came.to_header(&mut buffer);
    let Some(value) = wanted(headers, key, came, slot, read_only)? else {
        return Ok(None);
    };
    value_of(value, slot).map(Some)
}

/// The value that a header is.
pub(super) fn value_of<T: HeaderField>(value: &[u8], slot: &'static Slot) -> Result<T, Error> {
    let value = T::from_header(value).map_err(|reason| {
        slot.error(match reason {
            NO_NUMBER => {
                let (max, got) = (slot.largest(), 0);
                Reason::OutOfRange { max, got }
            }
            other => other,
        })
    })?;
    super::write::fits_bits(slot, &value)?;
    Ok(value)
}

/// The same, as the bytes of a kept frame's `run` in which the field has this value.
pub fn bytes_from_header<T: HeaderField>(
    headers: Option<Headers<'_>>,
    key: &str,
    came: &T,
    run: &[u8],
    slot: &'static Slot,
    read_only: bool,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(value) = from_header(headers, key, came, slot, read_only)? else {
        return Ok(None);
    };
    let mut bytes = run.to_vec();
    slot.store(value.bits(), &mut bytes);
    Ok(bytes.get(slot.at..slot.end()).map(<[u8]>::to_vec))
}

/// Sets a text to what the headers say.
pub fn set_text_from_header(
    headers: &HeaderMap,
    key: &str,
    text: &mut Text,
    slot: &'static Slot,
    read_only: bool,
) -> Result<(), Error> {
    let wanted = text_from_header(
        Some(headers.as_headers()),
        key,
        text.as_ref(),
        slot,
        read_only,
    )?;
    if let Some(wanted) = wanted {
        *text = Text::from(wanted);
    }
    Ok(())
}

/// Sets a field to what the headers say.
pub fn set_from_header<T: HeaderField>(
    headers: &HeaderMap,
    key: &str,
    field: &mut T,
    slot: &'static Slot,
    read_only: bool,
) -> Result<(), Error> {
    if let Some(value) = from_header(Some(headers.as_headers()), key, field, slot, read_only)? {
        *field = value;
    }
    Ok(())
}

/// The timeout in a header, in milliseconds; unset if there is no such number. Of several the last one
/// counts, as in the maps that servers read headers into.
pub fn timeout_in(command: &impl Command, key: &str) -> Timeout {
    let mut block = Vec::new();
    let read = command.write_headers(&mut HeaderWriter::new(&mut block));
    let map = HeaderMap::from_written(block);
    let number = map
        .as_headers()
        .values(key.as_bytes())
        .last()
        .filter(|_| read.is_ok())
        .and_then(|value| str::from_utf8(value).ok()?.parse().ok());
    number.map_or(Timeout::Unset, Timeout::from_positive_millis)
}

#[cfg(test)]
mod tests {
    use super::{Digits, HeaderField};
    use crate::Len;
    use crate::command::{Command, Message};
    use crate::frame::{Edits, HeaderMap, Text, View};
    use crate::wire::Reason;
    use crate::{Bytes, Frame};

    /// Its fields are all the headers that there are.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Call {
        #[frame(id)]
        id: u8,
        #[frame(header = "hop", read_only)]
        hop: u8,
        #[frame(len_of = method)]
        method_len: Len<u8>,
        #[frame(header = "method")]
        method: Text,
    }

    #[test]
    fn numbers_are_shown_as_core_shows_them() {
        for number in [0, 1, -1, 10, -10, i64::MIN, i64::MAX] {
            assert_eq!(
                number.to_header(&mut Digits::default()),
                number.to_string().as_bytes()
            );
        }
        assert_eq!(
            u64::MAX.to_header(&mut Digits::default()),
            u64::MAX.to_string().as_bytes()
        );
        assert_eq!((-5_i8).to_header(&mut Digits::default()), b"-5");
    }

    /// The frame with other headers, by both shapes.
    fn with(headers: &[(&str, &str)]) -> Result<Vec<u8>, Reason> {
        let map: HeaderMap = headers.iter().copied().collect();
        let bytes = Bytes::from_static(b"\x07\x03\x03add");
        let view = Call::parse(&bytes).frame().unwrap();
        let edits = Edits {
            headers: Some(map.as_headers()),
            ..Edits::default()
        };
        let mut out = Vec::new();
        let by_view = view.rewrite(&edits, &mut out).map(|()| out);
        let mut owned = Call::decode(&bytes).frame().unwrap();
        let set = owned.set_headers(map.clone());
        let by_owned = set.and_then(|()| owned.to_bytes());
        assert_eq!(by_view, by_owned.map(|bytes| bytes.to_vec()));
        by_view.map_err(|error| error.reason())
    }

    #[test]
    fn fields_are_shown_and_changed_as_headers() {
        let view = Call::parse(b"\x07\x03\x03add").frame().unwrap();
        let shown = HeaderMap::from([("hop", "3"), ("method", "add")]);
        assert_eq!(view.header_map(), Ok(shown));
        let changed = with(&[("method", "sub"), ("hop", "3")]);
        assert_eq!(changed, Ok(b"\x07\x03\x03sub".to_vec()));
    }

    #[test]
    fn what_a_frame_of_fields_cannot_hold_is_refused() {
        for (headers, reason) in [
            (&[("hop", "4"), ("method", "add")][..], Reason::ReadOnly),
            (&[("hop", "3")], Reason::ReadOnly),
            (&[], Reason::ReadOnly),
            (
                &[("hop", "3"), ("method", "add"), ("x", "1")],
                Reason::NoPlace,
            ),
            (
                &[("hop", "3"), ("method", "add"), ("method", "sub")],
                Reason::NoPlace,
            ),
            (&[("hop", "3"), ("x", "1")], Reason::NoPlace),
        ] {
            assert_eq!(with(headers), Err(reason), "{headers:?}");
        }
    }
}
