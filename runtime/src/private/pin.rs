//! Layout pins: compilation fails where a declared position or size differs from the computed one.

use super::message::Message;
use crate::frame::opaque;
use crate::wire::Slot;

/// Fails compilation unless the field is at the declared byte.
#[track_caller]
pub const fn pin_at(slot: &'static Slot, declared: usize) {
    if slot.at != declared {
        Message::new()
            .text("field `")
            .text(slot.field)
            .text("` starts at byte ")
            .number(slot.at)
            .text(", but `at = ")
            .number(declared)
            .text("` is declared")
            .fail();
    }
}

/// Fails compilation unless the fixed part has the declared size.
#[track_caller]
pub const fn pin_size(frame: &str, size: usize, declared: usize) {
    if size != declared {
        Message::new()
            .text("the fixed part of `")
            .text(frame)
            .text("` has ")
            .number(size)
            .text(" bytes, but `size = ")
            .number(declared)
            .text("` is declared")
            .fail();
    }
}

/// Fails compilation if the field has more bits than its type, which holds `holds` bits.
#[track_caller]
pub const fn pin_bits(slot: &'static Slot, holds: u32) {
    if slot.bits as u32 > holds {
        let message = Message::new()
            .text("field `")
            .text(slot.field)
            .text("` has ")
            .number(slot.bits as usize)
            .text(" bits, but its type ");
        if holds == 0 {
            message.text("is not an integer").fail();
        } else {
            message.text("holds ").number(holds as usize).fail();
        }
    }
}

/// Fails compilation unless a type used by an alias has a fixed width.
#[track_caller]
pub const fn pin_width(slot: &'static Slot, width: usize) {
    if width == 0 {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` has a type without a fixed width: write `Varint` or `Zigzag` itself, not an alias")
            .fail();
    }
}

/// Fails compilation if a non-numeric correlation id is too short to hold a number of the host.
#[track_caller]
pub const fn pin_opaque(slot: &'static Slot) {
    if slot.size < opaque::SHORTEST {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` has ")
            .number(slot.size)
            .text(" bytes: a non-numeric id needs at least ")
            .number(opaque::SHORTEST)
            .text(", to hold a number of the host")
            .fail();
    }
}

/// Fails compilation unless a length counts in units of 1 to 64 bytes.
#[track_caller]
pub const fn pin_unit(slot: &'static Slot, unit: usize) {
    if unit == 0 || unit > 64 {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` must count in units of 1 to 64 bytes")
            .fail();
    }
}
