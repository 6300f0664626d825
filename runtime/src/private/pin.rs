//! Layout pins: a declared place that is not the computed one stops the compiler.

use super::message::Message;
use crate::frame::opaque;
use crate::wire::Slot;

/// Stops the compiler unless the field starts at the declared byte.
#[track_caller]
pub const fn pin_at(slot: &'static Slot, declared: usize) {
    if slot.at != declared {
        Message::new()
            .text("field `")
            .text(slot.field)
            .text("` starts at byte ")
            .number(slot.at)
            .text(", declared is `at = ")
            .number(declared)
            .text("`")
            .fail();
    }
}

/// Stops the compiler unless the fixed part has the declared size.
#[track_caller]
pub const fn pin_size(frame: &str, size: usize, declared: usize) {
    if size != declared {
        Message::new()
            .text("the fixed part of `")
            .text(frame)
            .text("` has ")
            .number(size)
            .text(" bytes, declared is `size = ")
            .number(declared)
            .text("`")
            .fail();
    }
}

/// Stops the compiler unless values of a type that holds so many bits can have as many as the field.
#[track_caller]
pub const fn pin_bits(slot: &'static Slot, holds: u32) {
    if slot.bits as u32 > holds {
        let message = Message::new()
            .text("field `")
            .text(slot.field)
            .text("` has ")
            .number(slot.bits as usize)
            .text(" bits, and its type ");
        if holds == 0 {
            message.text("is no integer").fail();
        } else {
            message.text("holds ").number(holds as usize).fail();
        }
    }
}

/// Stops the compiler unless a type that the declaration has another name for has a fixed width.
#[track_caller]
pub const fn pin_width(slot: &'static Slot, width: usize) {
    if width == 0 {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` is of a type without a fixed width: write `Varint` or `Zigzag` itself, not an alias")
            .fail();
    }
}

/// Stops the compiler unless a correlation id that is no number is long enough for one of the host's.
#[track_caller]
pub const fn pin_opaque(slot: &'static Slot) {
    if slot.size < opaque::SHORTEST {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` has ")
            .number(slot.size)
            .text(" bytes: an id that is no number has at least ")
            .number(opaque::SHORTEST)
            .text(", in which a number of the host's has room")
            .fail();
    }
}

/// Stops the compiler unless a length counts something.
#[track_caller]
pub const fn pin_unit(slot: &'static Slot, unit: usize) {
    if unit == 0 || unit > 64 {
        Message::new()
            .text("`")
            .text(slot.field)
            .text("` counts in units of 1 to 64 bytes")
            .fail();
    }
}
