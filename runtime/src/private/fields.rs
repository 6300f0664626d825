//! The fields of a layout, as generated code lists them: where a field is, and then, by one function each, what it is for.

use crate::frame::{Field, FieldRole};
use crate::wire::Slot;

/// A field of the fixed part at the front.
pub const fn fixed_field(slot: &'static Slot) -> Field {
    Field::fixed(slot)
}

/// A fixed field after a part, in the run of this number.
pub const fn later_field(run: usize, slot: &'static Slot) -> Field {
    Field::later(run, slot)
}

/// An integer of variable width, perhaps with its sign in the lowest bit.
pub const fn varint_field(slot: &'static Slot, zigzag: bool) -> Field {
    Field::varint(slot, zigzag)
}

/// A part.
pub const fn part_field(slot: &'static Slot) -> Field {
    Field::part(slot)
}

#[doc(hidden)]
#[allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "called by generated code"
)]
impl Field {
    /// A field without another role that has one of these values, as far as they are known.
    pub const fn magic(self, values: &'static [u64]) -> Self {
        self.checked(values).or_role(FieldRole::Magic)
    }

    /// The same of the values of one frame.
    pub const fn tag(self, values: &'static [u64]) -> Self {
        self.checked(values).or_role(FieldRole::Tag)
    }

    /// The same of a tag by ranges.
    pub const fn tag_within(self, ranges: &'static [(u64, u64)]) -> Self {
        self.checked_within(ranges).or_role(FieldRole::Tag)
    }

    const fn or_role(mut self, role: FieldRole) -> Self {
        if matches!(self.role, FieldRole::Plain) {
            self.role = role;
        }
        self
    }
}

macro_rules! roles {
    ($($name:ident $role:ident)+) => {
        #[doc(hidden)]
        #[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "called by generated code")]
        impl Field {
            $(pub const fn $name(mut self) -> Self {
                self.role = FieldRole::$role;
                self
            })+
        }
    };
}

roles! {
    length Length
    id Id
    timeout Timeout
    status Status
    timeout_or_status TimeoutOrStatus
    headers Headers
    body Body
    checksum Checksum
    id_copy IdCopy
    payload Payload
}
