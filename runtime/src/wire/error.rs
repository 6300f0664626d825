//! What is wrong with some bytes, and where.

use core::fmt;

use super::Slot;
use super::number::{Decimal, Hex};

/// Why bytes are not a frame, or a frame cannot be written: which field, at which byte, what was
/// wanted and what was there.
///
/// An error is small, `Copy` and made without allocating, so hostile input costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    slot: &'static Slot,
    /// No frame that is looked into has 4 GiB.
    offset: u32,
    item: Option<Item>,
    reason: Reason,
}

/// One entry of a header map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Position in the list, from 0.
    pub index: u32,
    /// Which part of the entry.
    pub part: ItemPart,
}

/// A part of a header map's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemPart {
    /// The name.
    Key,
    /// What the name stands for.
    Value,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A fixed value is another one.
    Magic {
        /// The declared value.
        wanted: u64,
        /// The value on the wire.
        got: u64,
    },
    /// The value is none of those that the declaration lists.
    UnknownValue {
        /// The value on the wire.
        got: u64,
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
    /// An entry says that it is longer than the region it lies in.
    Overrun {
        /// Bytes that the entry needs.
        wanted: u64,
        /// Bytes that the region has left.
        got: u64,
    },
    /// A length is no number.
    NotANumber,
    /// A varint goes on for longer than its integer, or stands for a larger number.
    LongVarint {
        /// Bits of the integer.
        bits: u64,
    },
    /// A length says another number of bytes than the fields it covers have.
    LengthMismatch {
        /// Bytes that the length says.
        said: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// A checksum is not that of the bytes it covers.
    Checksum {
        /// The checksum of the bytes.
        wanted: u64,
        /// The checksum on the wire.
        got: u64,
    },
    /// On writing: what the host changed cannot be changed in this protocol.
    ReadOnly,
    /// On writing: a string holds a separator of its format.
    Separator,
    /// Text is not UTF-8.
    NotUtf8,
    /// On writing: a text ends with the padding of its field, and would arrive without it.
    Padding,
    /// On writing: with the change it would be another kind of frame.
    OtherKind,
    /// The language of the part does not allow what is there.
    Syntax,
    /// Values lie in each other, deeper than the limit.
    TooDeep {
        /// How deep they may lie.
        max: u64,
    },
    /// Something that must be there is not.
    Missing,
    /// On writing: there is no place for it in this part.
    NoPlace,
    /// On writing: the part is longer than its length field can say.
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
            reason,
        }
    }

    /// The same error, in one entry of the field.
    #[must_use]
    pub const fn in_item(mut self, index: u32, part: ItemPart) -> Self {
        self.item = Some(Item { index, part });
        self
    }

    /// The frame's name as declared, e.g. `BoltRequest`.
    pub const fn frame(&self) -> &'static str {
        self.slot.frame
    }

    /// The field's name as declared, e.g. `headers`.
    pub const fn field(&self) -> &'static str {
        self.slot.field
    }

    /// The entry inside the field, where the field is a list.
    pub const fn item(&self) -> Option<Item> {
        self.item
    }

    /// The offending byte, counted from the start of the frame. Of a frame that is written, where a field
    /// behind a part will stand is not known yet: its byte is counted from the first of the fixed fields
    /// side by side with it.
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
        f.write_str(".")?;
        f.write_str(self.slot.field)?;
        if let Some(item) = self.item {
            f.write_str("[")?;
            Decimal(item.index.into()).fmt(f)?;
            f.write_str(match item.part {
                ItemPart::Key => "].key",
                ItemPart::Value => "].value",
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
    /// The reason as words with up to two numbers between them, which are shown in hexadecimal digits
    /// where they are bytes rather than sizes.
    const fn told(self) -> (Numbers, [&'static str; 3]) {
        match self {
            Self::Magic { wanted, got } => (Numbers::Hex(wanted, got), ["wanted ", ", got ", ""]),
            Self::UnknownValue { got } => (
                Numbers::One(got),
                ["got ", ", which is no declared value", ""],
            ),
            Self::NegativeLength => (Numbers::None, ["the length is negative", "", ""]),
            Self::NotANumber => (Numbers::None, ["the length is no number", "", ""]),
            Self::LongVarint { bits } => {
                (Numbers::One(bits), ["a varint of more than ", " bits", ""])
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
                ["it says ", " bytes, the fields have ", ""],
            ),
            Self::Checksum { wanted, got } => (
                Numbers::Hex(wanted, got),
                ["the bytes have the checksum ", ", got ", ""],
            ),
            Self::ReadOnly => (Numbers::None, ["it cannot be changed", "", ""]),
            Self::Separator => (Numbers::None, ["a separator stands inside", "", ""]),
            Self::NotUtf8 => (Numbers::None, ["the text is not UTF-8", "", ""]),
            Self::Padding => (Numbers::None, ["the text ends with its padding", "", ""]),
            Self::OtherKind => (
                Numbers::None,
                ["it would become another kind of frame", "", ""],
            ),
            Self::Syntax => (
                Numbers::None,
                ["the language of the part does not allow this", "", ""],
            ),
            Self::TooDeep { max } => (Numbers::One(max), ["nested deeper than ", "", ""]),
            Self::Missing => (Numbers::None, ["what must be there is missing", "", ""]),
            Self::NoPlace => (Numbers::None, ["there is no place for it", "", ""]),
            Self::TooLong { max, got } => {
                (Numbers::Two(got, max), ["", " bytes do not fit the ", ""])
            }
            Self::OutOfRange { max, got } => (
                Numbers::Two(got, max),
                ["", " does not fit, the largest value is ", ""],
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
        let (numbers, [before, between, behind]) = self.told();
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
        f.write_str(behind)
    }
}

impl core::error::Error for Error {}
