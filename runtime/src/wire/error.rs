//! What is wrong with some bytes, and where.

use core::fmt;

use super::Slot;
use super::number::{Decimal, Hex};

/// Why bytes are not a frame, or a frame cannot be written: the field, the byte, the expected and the
/// actual value.
///
/// An error is small, `Copy` and made without allocating, so hostile input costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    slot: &'static Slot,
    /// Frames are shorter than 4 GiB.
    offset: u32,
    item: Option<HeaderEntry>,
    /// Of a part with keys, the one whose entry is wrong.
    #[cfg(not(target_family = "wasm"))]
    key: Option<u16>,
    reason: Reason,
}

/// One entry of a header map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderEntry {
    /// Position in the list, from 0.
    pub index: u32,
    /// Which part of the entry.
    pub part: EntryPart,
}

/// A part of a header map's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryPart {
    /// The name.
    Key,
    /// The value.
    Value,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A fixed value differs.
    Magic {
        /// The declared value.
        wanted: u64,
        /// The value on the wire.
        got: u64,
    },
    /// The value is not among those that the declaration lists.
    UnknownValue {
        /// The value on the wire.
        got: u64,
    },
    /// The mark by which the part ends is not there.
    Unterminated {
        /// The bytes within which it must be.
        max: u64,
    },
    /// A length is negative.
    NegativeLength,
    /// A part, or the whole frame, is larger than its limit.
    OverLimit {
        /// The limit in bytes.
        max: u64,
        /// The announced size in bytes.
        got: u64,
    },
    /// An entry is longer than the rest of its region.
    Overrun {
        /// Bytes that the entry needs.
        wanted: u64,
        /// Bytes that the region has left.
        got: u64,
    },
    /// A length is not a number.
    NotANumber,
    /// A varint has more bits than its integer.
    LongVarint {
        /// Bits of the integer.
        bits: u64,
    },
    /// A length differs from the size of the fields it covers.
    LengthMismatch {
        /// The length in bytes.
        said: u64,
        /// The size of the fields in bytes.
        found: u64,
    },
    /// A checksum does not match the bytes it covers.
    Checksum {
        /// The checksum of the bytes.
        wanted: u64,
        /// The checksum on the wire.
        got: u64,
    },
    /// On writing: the host changed something that is read-only in this protocol.
    ReadOnly,
    /// On writing: a text contains a separator of its format.
    Separator,
    /// Text is not UTF-8.
    NotUtf8,
    /// On writing: a header is not in hexadecimal digits, two for each byte that the field has.
    NotHex,
    /// On writing: a header is not the name of a value that the field can have.
    UnknownName,
    /// On writing: a text ends with the padding of its field, which the reader would strip.
    Padding,
    /// On writing: the change would make it another kind of frame.
    OtherKind,
    /// Invalid syntax in a payload.
    Syntax,
    /// Values are nested deeper than the limit.
    TooDeep {
        /// The limit in levels.
        max: u64,
    },
    /// A required value is missing.
    Missing,
    /// On writing: the part has no place for this value.
    NoPlace,
    /// On writing: the part is longer than its length field can announce.
    TooLong {
        /// The longest part in bytes that the length field can announce.
        max: u64,
        /// The size of the part in bytes.
        got: u64,
    },
    /// On writing: the number does not fit into the field.
    OutOfRange {
        /// The largest value that fits.
        max: u64,
        /// The value, as a bit pattern.
        got: u64,
    },
}

impl Error {
    /// An error at the byte `offset` of a frame, in the field of `slot`.
    #[cold]
    pub const fn new(slot: &'static Slot, offset: usize, reason: Reason) -> Self {
        Self {
            slot,
            offset: offset as u32,
            item: None,
            #[cfg(not(target_family = "wasm"))]
            key: None,
            reason,
        }
    }

    /// The same error, in one entry of the field.
    #[must_use]
    pub const fn in_item(mut self, index: u32, part: EntryPart) -> Self {
        self.item = Some(HeaderEntry { index, part });
        self
    }

    /// The same error, in an entry of this key of the part.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) const fn in_key(mut self, key: Option<u16>) -> Self {
        self.key = key;
        self
    }

    /// The same error of a part with keys, of which these are the bytes, and the error is at this offset of them.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn in_region(self, region: &[u8], offset: usize) -> Self {
        let keys = self.slot.keys;
        self.in_key(keys.and_then(|keys| (keys.key_at)(region, offset, self.reason)))
    }

    /// The frame's name as declared, e.g. `BoltRequest`, or that of a record that is in no frame.
    pub const fn frame(&self) -> &'static str {
        self.slot.frame
    }

    /// The field's name as declared, e.g. `headers`; empty for a record that is in no frame.
    pub const fn field(&self) -> &'static str {
        self.slot.field
    }

    /// The names of the fields that lead to the entry that is wrong, where the field is a part with keys: of
    /// `RpcMeta`, for example, `request.service_name`. `None` for errors more than 4 KiB after the start of the part.
    /// Not in WebAssembly: a plugin says at which byte the error is.
    #[cfg(not(target_family = "wasm"))]
    pub fn key_path(&self) -> Option<String> {
        Some((self.slot.keys?.path)(self.key?))
    }

    /// The entry inside the field, where the field is a list.
    pub const fn item(&self) -> Option<HeaderEntry> {
        self.item
    }

    /// The offending byte, counted from the start of the frame. While a frame is written, the position of a
    /// field after a variable part is not known yet: its byte is counted from the first of the adjacent
    /// fixed fields.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }

    pub(super) const fn slot(&self) -> &'static Slot {
        self.slot
    }

    /// What is wrong.
    pub const fn reason(&self) -> Reason {
        self.reason
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Code of `core` for padding, and for arguments, would be in each plugin.
        f.write_str(self.slot.frame)?;
        if cfg!(target_family = "wasm") || !self.slot.field.is_empty() {
            f.write_str(".")?;
            f.write_str(self.slot.field)?;
        }
        #[cfg(not(target_family = "wasm"))]
        if let Some(path) = self.key_path() {
            f.write_str(".")?;
            f.write_str(&path)?;
        }
        if let Some(item) = self.item {
            f.write_str("[")?;
            Decimal(item.index.into()).fmt(f)?;
            f.write_str(match item.part {
                EntryPart::Key => "].key",
                EntryPart::Value => "].value",
            })?;
        }
        f.write_str(" at byte ")?;
        Decimal(self.offset.into()).fmt(f)?;
        f.write_str(": ")?;
        match self.slot.show {
            Some(show) => show.reason(f, self)?,
            None => self.reason.fmt(f)?,
        }
        match (self.reason, self.slot.length) {
            (Reason::TooLong { .. }, Some(length)) => {
                f.write_str(" of `")?;
                f.write_str(length.field)?;
                f.write_str("`")
            }
            _ => Ok(()),
        }
    }
}

impl Reason {
    /// The reason as text with up to two numbers, shown in hexadecimal where they are bytes rather than
    /// sizes.
    const fn text(self) -> (Numbers, [&'static str; 3]) {
        match self {
            Self::Magic { wanted, got } => (Numbers::Hex(wanted, got), ["expected ", ", got ", ""]),
            Self::UnknownValue { got } => (Numbers::One(got), ["unexpected value ", "", ""]),
            Self::Unterminated { max } => {
                (Numbers::One(max), ["not terminated within ", " bytes", ""])
            }
            Self::NegativeLength => (Numbers::None, ["negative length", "", ""]),
            Self::NotANumber => (Numbers::None, ["the length is not a number", "", ""]),
            Self::LongVarint { bits } => {
                (Numbers::One(bits), ["varint of more than ", " bits", ""])
            }
            Self::OverLimit { max, got } => (
                Numbers::Two(got, max),
                ["", " bytes announced, the limit is ", ""],
            ),
            Self::Overrun { wanted, got } => (
                Numbers::Two(wanted, got),
                ["", " bytes announced, ", " left in the region"],
            ),
            Self::LengthMismatch { said, found } => (
                Numbers::Two(said, found),
                ["the length is ", ", the fields have ", " bytes"],
            ),
            Self::Checksum { wanted, got } => (
                Numbers::Hex(wanted, got),
                ["checksum mismatch: expected ", ", got ", ""],
            ),
            Self::ReadOnly => (Numbers::None, ["the field is read-only", "", ""]),
            Self::Separator => (Numbers::None, ["the text contains a separator", "", ""]),
            Self::NotUtf8 => (Numbers::None, ["the text is not UTF-8", "", ""]),
            Self::NotHex => (
                Numbers::None,
                [
                    "the header is not the hexadecimal form of such bytes",
                    "",
                    "",
                ],
            ),
            Self::UnknownName => (
                Numbers::None,
                ["the header is not the name of a value", "", ""],
            ),
            Self::Padding => (Numbers::None, ["the text ends with the padding", "", ""]),
            Self::OtherKind => (
                Numbers::None,
                ["the change would make it another kind of frame", "", ""],
            ),
            Self::Syntax => (Numbers::None, ["invalid syntax", "", ""]),
            Self::TooDeep { max } => (Numbers::One(max), ["nested deeper than ", " levels", ""]),
            Self::Missing => (Numbers::None, ["required value missing", "", ""]),
            Self::NoPlace => (Numbers::None, ["no place for this value", "", ""]),
            Self::TooLong { max, got } => (
                Numbers::Two(got, max),
                ["", " bytes exceed the maximum ", ""],
            ),
            Self::OutOfRange { max, got } => (
                Numbers::Two(got, max),
                ["", " is out of range, the maximum is ", ""],
            ),
        }
    }
}

/// The numbers of a reason.
#[derive(Clone, Copy)]
enum Numbers {
    None,
    One(u64),
    Two(u64, u64),
    Hex(u64, u64),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numbers, [before, between, after]) = self.text();
        f.write_str(before)?;
        match numbers {
            Numbers::None => {}
            Numbers::One(number) | Numbers::Two(number, _) => Decimal(number).fmt(f)?,
            Numbers::Hex(number, _) => Hex(number).fmt(f)?,
        }
        f.write_str(between)?;
        match numbers {
            Numbers::None | Numbers::One(_) => {}
            Numbers::Two(_, number) => Decimal(number).fmt(f)?,
            Numbers::Hex(_, number) => Hex(number).fmt(f)?,
        }
        f.write_str(after)
    }
}

impl core::error::Error for Error {}
