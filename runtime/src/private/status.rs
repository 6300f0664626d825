//! Statuses that the host's answers can be given.

use super::message::Message;
use super::overlap::has_code;
use crate::frame::{Direction, Field, FieldRole, Layout, Place};

/// Stops the compiler at a status that an answer instead of a server cannot have: without it the
/// caller would wait in vain.
#[track_caller]
pub const fn pin_status(layouts: &'static [Layout], status: i64) {
    let mut request = 0;
    while request < layouts.len() {
        if !matches!(layouts[request].direction, Direction::Response) {
            if let Some(answer) = answer_to(layouts, request) {
                check(answer, status);
            }
        }
        request += 1;
    }
}

/// The layout in which a request is answered: the first that answers, from its own on.
const fn answer_to(layouts: &'static [Layout], request: usize) -> Option<&'static Layout> {
    let mut step = 0;
    while step < layouts.len() {
        let layout = &layouts[(request + step) % layouts.len()];
        if !matches!(layout.direction, Direction::Request) {
            return Some(layout);
        }
        step += 1;
    }
    None
}

#[track_caller]
const fn check(answer: &'static Layout, status: i64) {
    let mut at = 0;
    while at < answer.fields.len() {
        let field = &answer.fields[at];
        if matches!(field.role, FieldRole::Status | FieldRole::TimeoutOrStatus) {
            in_range(answer, field, status);
            is_known(answer, field, status);
            is_listed(answer, field, status);
        }
        at += 1;
    }
}

/// A number that its field cannot hold.
#[track_caller]
const fn in_range(answer: &'static Layout, field: &'static Field, status: i64) {
    let Some((mut least, mut most)) = field.range else {
        return;
    };
    if let Some((bits, _)) = field.bits {
        least = 0;
        if bits < 63 {
            most = (1 << bits) - 1;
        }
    }
    if status < least || status > most {
        subject(answer, field)
            .text(" cannot hold the status ")
            .signed(status)
            .text(": expected ")
            .signed(least)
            .text(" to ")
            .signed(most)
            .fail();
    }
}

/// Fails compilation for a status that is not a code of the enum.
#[track_caller]
const fn is_known(answer: &'static Layout, field: &'static Field, status: i64) {
    let Some(codes) = field.codes else { return };
    if has_code(codes, pattern(field, status)) {
        return;
    }
    let mut message = subject(answer, field)
        .text(" has no variant for the status ")
        .signed(status)
        .text(": expected one of ");
    let mut at = 0;
    while at < codes.len() {
        let (name, code) = codes[at];
        message = message
            .text(if at > 0 { ", " } else { "" })
            .signed(number(field, code))
            .text(" (`")
            .text(name)
            .text("`)");
        at += 1;
    }
    message.fail();
}

/// Fails compilation for a status that is not among the tags of its field.
#[track_caller]
const fn is_listed(answer: &'static Layout, field: &'static Field, status: i64) {
    if field.allows(pattern(field, status)) {
        return;
    }
    let mut message = subject(answer, field)
        .text(" is a tag, and the status ")
        .signed(status)
        .text(" is not among its values: expected one of ");
    let mut range = 0;
    while range < field.ranges.len() {
        let (first, last) = field.ranges[range];
        message = message.text(if range > 0 { ", " } else { "" });
        message = message.signed(number(field, first)).text("..=");
        message = message.signed(number(field, last));
        range += 1;
    }
    let mut at = 0;
    while at < field.values.len() {
        message = message
            .text(if at > 0 { ", " } else { "" })
            .signed(number(field, field.values[at]));
        at += 1;
    }
    message.fail();
}

const fn subject(answer: &'static Layout, field: &'static Field) -> Message {
    let message = Message::new().text("`").text(answer.frame);
    message.text(".").text(field.name).text("`")
}

/// The bit pattern of a number in a field.
#[expect(clippy::cast_sign_loss, reason = "the pattern is the number")]
const fn pattern(field: &'static Field, status: i64) -> u64 {
    status as u64 & u64::MAX >> unused(field)
}

/// The number that a bit pattern represents in a field.
#[expect(clippy::cast_possible_wrap, reason = "the pattern is the number")]
const fn number(field: &'static Field, pattern: u64) -> i64 {
    let unused = unused(field);
    match field.range {
        Some((least, _)) if least < 0 => (pattern << unused) as i64 >> unused,
        _ => pattern as i64,
    }
}

/// How many bits of a number of 64 bits the field does not have.
const fn unused(field: &'static Field) -> usize {
    let size = match field.place {
        Place::Fixed { size, .. } | Place::Later { size, .. } | Place::Varint { size, .. } => size,
        Place::Part { .. } => 8,
    };
    match 64_usize.checked_sub(8 * size) {
        Some(unused) if unused < 64 => unused,
        _ => 0,
    }
}
