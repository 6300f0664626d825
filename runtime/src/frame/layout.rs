//! A frame layout as data: for dumps, documentation and tools.

use super::Role;
use crate::wire::{Endian, Slot};

/// The limit of a frame whose declaration names none: 16 MiB.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// The layout of one frame.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Name of the frame, as declared.
    pub frame: &'static str,
    /// Whether the frame asks or answers.
    pub role: Role,
    /// Bytes of the fixed part.
    pub fixed: usize,
    /// Bytes of the largest frame that is accepted.
    pub max: usize,
    /// Every field in the order of the wire.
    pub fields: &'static [Field],
}

/// One field of a layout.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name of the field, as declared.
    pub name: &'static str,
    /// Where the field stands.
    pub place: Place,
    /// What the field is for.
    pub role: FieldRole,
    /// The values that a magic or a tag may have, as bit patterns, where they are known as numbers.
    pub values: &'static [u64],
}

impl Field {
    /// A field of the fixed part.
    pub const fn fixed(slot: &'static Slot, role: FieldRole) -> Self {
        let place = Place::Fixed {
            at: slot.at,
            size: slot.size,
            endian: slot.endian,
        };
        Self {
            name: slot.field,
            place,
            role,
            values: &[],
        }
    }

    /// The same field, with the values that it may have.
    #[must_use]
    pub const fn with(mut self, values: &'static [u64]) -> Self {
        self.values = values;
        self
    }

    /// A part of the frame.
    pub const fn part(slot: &'static Slot, role: FieldRole) -> Self {
        let len = match slot.length {
            Some(length) => length.field,
            None => "",
        };
        Self {
            name: slot.field,
            place: Place::Part { len },
            role,
            values: &[],
        }
    }
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a byte that is the same in every frame.
    Fixed {
        /// First byte, counted from the start of the frame.
        at: usize,
        /// Width in bytes.
        size: usize,
        /// Byte order.
        endian: Endian,
    },
    /// Behind the field before it, as long as another field says.
    Part {
        /// Name of the length field.
        len: &'static str,
    },
}

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRole {
    /// Nothing that the framework knows of.
    Plain,
    /// The same value in every frame of the protocol.
    Magic,
    /// A value that tells the frames of the protocol apart.
    Tag,
    /// The length of a part.
    Length,
    /// The correlation id.
    Id,
    /// How long the caller waits, in milliseconds.
    Timeout,
    /// How the call ended.
    Status,
    /// How long the caller waits, or how the call ended, by the half of the call.
    TimeoutOrStatus,
    /// The header map.
    Headers,
    /// The body.
    Body,
}

impl FieldRole {
    /// The role in one word, as attributes and tools spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Magic => "magic",
            Self::Tag => "tag",
            Self::Length => "length",
            Self::Id => "id",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::TimeoutOrStatus => "timeout, status",
            Self::Headers => "headers",
            Self::Body => "body",
        }
    }
}
