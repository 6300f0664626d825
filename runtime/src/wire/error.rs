//! What is wrong with some bytes, and where.

use core::fmt;

use super::Slot;

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
    /// On writing: a string holds a separator of its format.
    Separator,
    /// Text is not UTF-8.
    NotUtf8,
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

    /// The offending byte, counted from the start of the frame.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }

    /// What is wrong.
    pub const fn reason(&self) -> Reason {
        self.reason
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Code of `core` for padding and for every width of number would be in each plugin: strings
        // are written as they are, and numbers are all of one type.
        f.write_str(self.slot.frame)?;
        f.write_str(".")?;
        f.write_str(self.slot.field)?;
        if let Some(item) = self.item {
            let part = match item.part {
                ItemPart::Key => "key",
                ItemPart::Value => "value",
            };
            write!(f, "[{}].", u64::from(item.index))?;
            f.write_str(part)?;
        }
        write!(f, " at byte {}: {}", u64::from(self.offset), self.reason)?;
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

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Magic { wanted, got } => write!(f, "wanted {wanted:#x}, got {got:#x}"),
            Self::UnknownValue { got } => write!(f, "got {got}, which is no declared value"),
            Self::NegativeLength => f.write_str("the length is negative"),
            Self::OverLimit { max, got } => write!(f, "{got} bytes announced, the limit is {max}"),
            Self::Overrun { wanted, got } => {
                write!(f, "{wanted} bytes announced, {got} left in the region")
            }
            Self::Separator => f.write_str("a separator stands inside"),
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::Syntax => f.write_str("the language of the part does not allow this"),
            Self::TooDeep { max } => write!(f, "nested deeper than {max}"),
            Self::Missing => f.write_str("what must be there is missing"),
            Self::NoPlace => f.write_str("there is no place for it"),
            Self::TooLong { max, got } => write!(f, "{got} bytes do not fit the {max}"),
            Self::OutOfRange { max, got } => {
                write!(f, "{got} does not fit, the largest value is {max}")
            }
        }
    }
}

impl core::error::Error for Error {}
