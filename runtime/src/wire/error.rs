//! What is wrong with some bytes, and where.

use core::fmt;

/// Why bytes are not a frame, or a frame cannot be written: which field, at which byte, what was
/// wanted and what was there.
///
/// An error is small, `Copy` and made without allocating, so hostile input costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The frame's name as declared, e.g. `BoltRequest`.
    pub frame: &'static str,
    /// The field's name as declared, e.g. `headers`.
    pub field: &'static str,
    /// The entry inside the field, where the field is a list.
    pub item: Option<Item>,
    /// The offending byte, counted from the start of the frame.
    pub offset: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// One entry of a header map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Position in the list, from 0.
    pub index: usize,
    /// Which part of the entry: `key` or `value`.
    pub part: &'static str,
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
    /// Text is not UTF-8.
    NotUtf8,
    /// On writing: the part is longer than its length field can say.
    TooLong {
        /// Name of the length field.
        len_field: &'static str,
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
    /// An error at `offset` in `field` of `frame`.
    #[cold]
    pub const fn new(
        frame: &'static str,
        field: &'static str,
        offset: usize,
        reason: Reason,
    ) -> Self {
        Self {
            frame,
            field,
            item: None,
            offset,
            reason,
        }
    }

    /// The same error, in one entry of the field.
    #[must_use]
    pub const fn in_item(mut self, index: usize, part: &'static str) -> Self {
        self.item = Some(Item { index, part });
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.frame, self.field)?;
        if let Some(item) = self.item {
            write!(f, "[{}].{}", item.index, item.part)?;
        }
        write!(f, " at byte {}: {}", self.offset, self.reason)
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
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::TooLong {
                len_field,
                max,
                got,
            } => {
                write!(
                    f,
                    "{got} bytes do not fit: `{len_field}` says at most {max}"
                )
            }
            Self::OutOfRange { max, got } => {
                write!(f, "{got} does not fit, the largest value is {max}")
            }
        }
    }
}

impl core::error::Error for Error {}
