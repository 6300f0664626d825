//! Frames whose heads do not distinguish them.

use crate::frame::ranges;
use crate::frame::{Field, Layout, OwnLengths, Place};
use crate::wire::Endian;

/// Whether some bytes may have the known values of the heads of two layouts of one side.
pub const fn heads_overlap(layouts: &[Layout]) -> bool {
    let mut one = 0;
    while one < layouts.len() {
        let mut other = one + 1;
        while other < layouts.len() {
            let same_side = layouts[one].from_server == layouts[other].from_server;
            if same_side && !apart(layouts[one].fields, layouts[other].fields) {
                return true;
            }
            other += 1;
        }
        one += 1;
    }
    false
}

/// Whether a field in the same place of both has no value in common.
pub(super) const fn apart(one: &[Field], other: &[Field]) -> bool {
    let mut at = 0;
    while at < one.len() {
        let mut beside = 0;
        while beside < other.len() {
            if in_head(&one[at])
                && same_place(&one[at], &other[beside])
                && disjoint(&one[at], &other[beside])
            {
                return true;
            }
            beside += 1;
        }
        at += 1;
    }
    false
}

/// Whether two fields have the same place, in the same one of the runs of fixed fields.
pub(super) const fn same_place(one: &Field, other: &Field) -> bool {
    let (Some((run, at, size, endian)), Some((other_run, other_at, other_size, other_endian))) =
        (place(one), place(other))
    else {
        return false;
    };
    let same_bits = match (one.bits, other.bits) {
        (None, None) => true,
        (Some((bits, shift)), Some((other_bits, other_shift))) => {
            bits == other_bits && shift == other_shift
        }
        _ => false,
    };
    let same_bytes = run == other_run && at == other_at && size == other_size;
    same_bytes && endian as u8 == other_endian as u8 && same_bits
}

/// Whether two fields have a byte in common, in the same one of the runs of fixed fields.
pub(super) const fn fields_overlap(one: &Field, other: &Field) -> bool {
    let (Some((run, at, size, _)), Some((other_run, other_at, other_size, _))) =
        (place(one), place(other))
    else {
        return false;
    };
    run == other_run && at < other_at + other_size && other_at < at + size
}

/// Whether a field is at a byte that is the same in every frame.
pub(super) const fn in_head(field: &Field) -> bool {
    matches!(field.place, Place::Fixed { .. })
}

/// The run of fixed fields that a field is in, and its place there.
const fn place(field: &Field) -> Option<(usize, usize, usize, Endian)> {
    match field.place {
        Place::Fixed { at, size, endian } => Some((0, at, size, endian)),
        Place::Later {
            run,
            at,
            size,
            endian,
        } => Some((run, at, size, endian)),
        Place::Varint { .. } | Place::Part { .. } => None,
    }
}

/// Whether the values of both are known and have nothing in common.
const fn disjoint(one: &Field, other: &Field) -> bool {
    let mut at = 0;
    while at < count(one) {
        let (first, last) = range(one, at);
        let mut beside = 0;
        while beside < count(other) {
            if ranges::meet(&[range(other, beside)], first, last) {
                return false;
            }
            beside += 1;
        }
        at += 1;
    }
    count(one) > 0 && count(other) > 0
}

/// How many ranges of values of a field are known, where a value is a range too.
pub(super) const fn count(field: &Field) -> usize {
    field.values.len() + field.ranges.len()
}

/// One of them.
pub(super) const fn range(field: &Field, at: usize) -> (u64, u64) {
    if at < field.values.len() {
        (field.values[at], field.values[at])
    } else {
        field.ranges[at - field.values.len()]
    }
}

/// Whether a value is the code of a variant.
pub(super) const fn has_code(codes: &[(&str, u64)], code: u64) -> bool {
    let mut at = 0;
    while at < codes.len() {
        if codes[at].1 == code {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a length in the same place of all layouts says how long their frames are: then no frame is
/// complete before another one that the same bytes may be.
pub const fn equal_lengths(layouts: &[Layout]) -> bool {
    let Some((first, others)) = layouts.split_first() else {
        return true;
    };
    let Some(length) = OwnLengths::of(first).whole() else {
        return false;
    };
    let mut at = 0;
    while at < others.len() {
        match OwnLengths::of(&others[at]).whole() {
            Some(other) if length.is_same(&other) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

/// Whether the bytes before the body say which of these layouts a frame has, also with another id.
pub const fn are_lean(layouts: &[Layout]) -> bool {
    !heads_overlap(layouts) || (equal_lengths(layouts) && !super::kept::ids_overlap(layouts))
}
