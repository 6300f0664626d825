//! Whether the frames of a protocol can be distinguished.

use super::message::Message;
use super::overlap::{apart, count, has_code, in_head, range, same_place};
use crate::frame::ranges;
use crate::frame::{Field, FieldRole, Layout, OwnLengths, Place};

/// Fails compilation at a frame that cannot be distinguished from one before it.
///
/// Of several frames that the same bytes can be, the one that is whole first is meant, and of two of equal
/// length the one that is declared first.
#[track_caller]
pub const fn pin_distinct(layouts: &'static [Layout], index: usize) {
    let second = &layouts[index];
    let mut before = 0;
    while before < index {
        let first = &layouts[before];
        match hidden(first, second) {
            Some(Hidden::Second) => fail(second, first),
            Some(Hidden::First) => fail(first, second),
            None => {}
        }
        before += 1;
    }
}

/// Which of two layouts has frames that are never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    First,
    Second,
}

const fn hidden(first: &Layout, second: &Layout) -> Option<Hidden> {
    if first.from_server != second.from_server {
        return None;
    }
    let (by_first, by_second) = (covers(first, second), covers(second, first));
    if by_first && (by_second || ends_first(first, second, true)) {
        Some(Hidden::Second)
    } else if by_second && ends_first(second, first, false) {
        Some(Hidden::First)
    } else {
        None
    }
}

#[track_caller]
const fn fail(hidden: &Layout, by: &Layout) {
    Message::new()
        .text("no magic, tag or later value distinguishes `")
        .text(hidden.frame)
        .text("` from `")
        .text(by.frame)
        .text("`, so its frames are decoded as the latter: declare a field at the same place in both as ")
        .text("`#[frame(tag = value)]`, with a different value in each")
        .fail();
}

/// Whether all frames of another layout can be taken for frames of this one.
const fn covers(layout: &Layout, other: &Layout) -> bool {
    if layout.fields.is_empty() || other.fields.is_empty() {
        // The stub of a declaration with mistakes.
        return false;
    }
    if apart(layout.fields, other.fields) || lengths_differ(layout, other) {
        return false;
    }
    let mut at = 0;
    while at < layout.fields.len() {
        let field = &layout.fields[at];
        if can_refuse(field) {
            match beside(layout, at, other) {
                Some(other) if as_strict(field, other) => {}
                _ => return false,
            }
        }
        at += 1;
    }
    true
}

/// Whether frames of a layout are whole before those of another one that begin with the same bytes, or at the
/// same time, if that is enough.
const fn ends_first(layout: &Layout, other: &Layout, at_once: bool) -> bool {
    if at_once && same_lengths(layout, other) {
        return true;
    }
    match size(layout) {
        Some(size) if at_once => size <= other.fixed,
        Some(size) => size < other.fixed,
        None => false,
    }
}

/// Whether there are values of a field with which bytes are not a frame.
pub(super) const fn can_refuse(field: &Field) -> bool {
    let digits = field.is_decimal() && in_head(field);
    let computed = matches!(field.role, FieldRole::Checksum | FieldRole::Payload);
    field.checked || field.codes.is_some() || digits || computed
}

/// The field of the second layout in the place of a field of the first, as far as the compiler knows that the
/// bytes are the same: after a part only if all before is alike.
const fn beside<'l>(first: &Layout, index: usize, second: &'l Layout) -> Option<&'l Field> {
    let head = in_head(&first.fields[index]);
    let mut at = 0;
    while at < second.fields.len() {
        let other = &second.fields[at];
        if same_place(&first.fields[index], other) && (head || index == at) {
            return Some(other);
        }
        if !head && (at >= index || !alike(&first.fields[at], other)) {
            return None;
        }
        at += 1;
    }
    None
}

/// Whether two fields are as many bytes, as far as the compiler knows.
const fn alike(one: &Field, other: &Field) -> bool {
    same_place(one, other)
        || matches!(
            (one.place, other.place),
            (Place::Part { .. }, Place::Part { .. }) | (Place::Varint { .. }, Place::Varint { .. })
        )
}

/// Whether a field refuses all values that another one in its place does.
const fn as_strict(field: &Field, other: &Field) -> bool {
    let listed = !field.checked || within(other, field);
    let coded = match (field.codes, other.codes) {
        (None, _) => true,
        // The tags of an enum are among its codes.
        (Some(_), _) if field.checked => true,
        (Some(codes), Some(others)) => codes_within(others, codes),
        (Some(_), None) => false,
    };
    let digits = !field.is_decimal() || other.is_decimal();
    let sum = match field.role {
        FieldRole::Checksum => matches!(other.role, FieldRole::Checksum),
        _ => true,
    };
    listed && coded && digits && sum
}

/// Whether all values of a field are known, and among those of another one.
const fn within(field: &Field, other: &Field) -> bool {
    let mut at = 0;
    while at < count(field) {
        if !has(other, range(field, at)) {
            return false;
        }
        at += 1;
    }
    count(field) > 0
}

/// Whether a field can have all values of a range. (Two ranges side by side count as two, which only means that
/// frames are tried.)
const fn has(field: &Field, (first, last): (u64, u64)) -> bool {
    let mut at = 0;
    while at < count(field) {
        if ranges::cover(&[range(field, at)], first, last) {
            return true;
        }
        at += 1;
    }
    false
}

const fn codes_within(some: &[(&str, u64)], others: &[(&str, u64)]) -> bool {
    let mut at = 0;
    while at < some.len() {
        if !has_code(others, some[at].1) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether the length of a layout refuses frames of another one: those of the one are all of one size, or
/// those of the other are, and a frame of the one has more bytes.
const fn lengths_differ(layout: &Layout, other: &Layout) -> bool {
    if OwnLengths::of(layout).whole().is_none() {
        return false;
    }
    let other_size = if same_lengths(layout, other) {
        size(other)
    } else {
        None
    };
    match (size(layout), other_size) {
        (Some(size), Some(other)) => size != other,
        (Some(_), None) => true,
        (None, Some(other)) => other < layout.fixed,
        (None, None) => false,
    }
}

/// Whether the same bytes say how long the frames of both are.
const fn same_lengths(one: &Layout, other: &Layout) -> bool {
    match (OwnLengths::of(one).whole(), OwnLengths::of(other).whole()) {
        (Some(one), Some(other)) => one.is_same(&other),
        _ => false,
    }
}

/// The size of all frames of a layout, if they have one.
const fn size(layout: &Layout) -> Option<usize> {
    let mut at = 0;
    while at < layout.fields.len() {
        if !matches!(layout.fields[at].place, Place::Fixed { .. }) {
            return None;
        }
        at += 1;
    }
    Some(layout.fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AsciiDecimal, Bytes, Check, Crc32, Frame, Len, Varint};

    /// Frames with an id, between these fields.
    macro_rules! frames {
        ($($name:ident { [$($front:tt)*] [$($back:tt)*] })+) => {$(
            #[derive(Frame)]
            #[frame(request)]
            #[allow(dead_code)]
            struct $name { $($front)* #[frame(id)] id: u16, $($back)* }
        )+};
    }

    #[derive(Frame, Clone, Copy)]
    #[repr(u8)]
    enum Ask {
        Get = 1,
        Set = 2,
    }

    #[derive(Frame, Clone, Copy)]
    #[repr(u8)]
    enum Answer {
        Ok = 3,
        Set = 2,
    }

    #[derive(Frame, Clone, Copy)]
    #[repr(u8)]
    enum Open {
        Ok = 3,
        #[frame(other)]
        Other(u8),
    }

    const ONE: u8 = 1;

    frames! {
        Plain { [kind: u8,] [] }
        Same { [word: u8,] [] }
        One { [#[frame(tag = 1)] kind: u8,] [] }
        Named { [#[frame(tag = ONE)] kind: u8,] [] }
        OneOrTwo { [#[frame(tag(1, 2))] kind: u8,] [] }
        Three { [#[frame(magic = 3)] kind: u8,] [] }
        Longer { [kind: u8,] [more: u16,] }
        LongerOne { [#[frame(tag = 1)] kind: u8,] [more: u16,] }
        Asks { [#[frame(default = Ask::Get)] kind: Ask,] [] }
        Answers { [#[frame(default = Answer::Ok)] kind: Answer,] [] }
        Opens { [#[frame(default = Open::Ok)] kind: Open,] [] }
        Number { [kind: AsciiDecimal<1>,] [] }
        Summed { [kind: u8,] [#[frame(over = ..=id)] sum: Check<Crc32>,] }
        Varies { [#[frame(len_of = id..)] length: Len<u8>,] [#[frame(body)] body: Bytes,] }
        VariesMore { [#[frame(len_of = id..)] length: Len<u8>,] [more: u32, #[frame(body)] body: Bytes,] }
        SaysThree { [#[frame(len_of = id..)] length: Len<u8>,] [one: u8,] }
        SaysFour { [#[frame(len_of = id..)] length: Len<u8>,] [two: u16,] }
        EndsWithOne { [#[frame(len_of = body)] length: Len<u8>,] [body: Bytes, #[frame(tag = 1)] end: u8,] }
        EndsWithTwo { [#[frame(len_of = part)] length: Len<u8>,] [part: Bytes, #[frame(tag = 2)] end: u8,] }
        AlsoEndsWithOne { [#[frame(len_of = part)] length: Len<u8>,] [part: Bytes, #[frame(tag = 1)] end: u8,] }
        EndsWithOneLater { [#[frame(len_of = body)] length: Len<u8>,] [body: Bytes, count: Varint<u16>, #[frame(tag = 1)] end: u8,] }
    }

    fn of<A: Frame, B: Frame>() -> Option<Hidden> {
        hidden(&A::LAYOUT, &B::LAYOUT)
    }

    #[test]
    fn values_at_the_front_tell() {
        assert_eq!(of::<Plain, Same>(), Some(Hidden::Second));
        assert_eq!(of::<One, Three>(), None);
        assert_eq!(of::<One, One>(), Some(Hidden::Second));
        assert_eq!(of::<Named, One>(), Some(Hidden::Second));
        // The first is tried first: it is seen, and the other where it refuses.
        assert_eq!(of::<One, Plain>(), None);
        assert_eq!(of::<One, OneOrTwo>(), None);
        assert_eq!(of::<Plain, One>(), Some(Hidden::Second));
        assert_eq!(of::<OneOrTwo, One>(), Some(Hidden::Second));
    }

    #[test]
    fn the_frame_that_is_whole_first_is_meant() {
        assert_eq!(of::<Plain, Longer>(), Some(Hidden::Second));
        assert_eq!(of::<Plain, LongerOne>(), Some(Hidden::Second));
        assert_eq!(of::<LongerOne, Plain>(), Some(Hidden::First));
        assert_eq!(of::<LongerOne, OneOrTwo>(), Some(Hidden::First));
        assert_eq!(of::<LongerOne, Three>(), None);
    }

    #[test]
    fn what_a_type_knows_tells() {
        assert_eq!(of::<Asks, Answers>(), None);
        assert_eq!(of::<Asks, Plain>(), None);
        assert_eq!(of::<Asks, Asks>(), Some(Hidden::Second));
        assert_eq!(of::<Opens, Opens>(), Some(Hidden::Second));
        assert_eq!(of::<Opens, Asks>(), Some(Hidden::Second));
        assert_eq!(of::<Number, Plain>(), None);
        assert_eq!(of::<Number, Number>(), Some(Hidden::Second));
        assert_eq!(of::<Summed, Longer>(), Some(Hidden::First));
        assert_eq!(of::<Summed, Summed>(), Some(Hidden::Second));
    }

    #[test]
    fn lengths_tell_where_they_are_exact() {
        assert_eq!(of::<SaysThree, SaysFour>(), None);
        assert_eq!(of::<SaysThree, SaysThree>(), Some(Hidden::Second));
        assert_eq!(of::<SaysThree, Varies>(), None);
        assert_eq!(of::<Varies, SaysThree>(), Some(Hidden::Second));
        // It is too short for the first.
        assert_eq!(of::<VariesMore, SaysThree>(), None);
        assert_eq!(of::<VariesMore, Varies>(), Some(Hidden::Second));
        assert_eq!(of::<Varies, VariesMore>(), Some(Hidden::Second));
    }

    #[test]
    fn values_after_parts_count() {
        assert_eq!(of::<EndsWithOne, EndsWithTwo>(), None);
        assert_eq!(of::<EndsWithOne, AlsoEndsWithOne>(), Some(Hidden::Second));
        // What is before it is not as long.
        assert_eq!(of::<EndsWithOne, EndsWithOneLater>(), None);
        assert_eq!(of::<EndsWithOneLater, EndsWithOne>(), None);
    }
}
