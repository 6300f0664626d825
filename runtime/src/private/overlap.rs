//! Frames that their heads do not tell apart.

use crate::frame::{Field, Layout, Place, Verdict};
use crate::wire::{Error, Reason};

/// Whether some bytes may have the known values of the heads of two layouts.
pub const fn heads_overlap(layouts: &[Layout]) -> bool {
    let mut one = 0;
    while one < layouts.len() {
        let mut other = one + 1;
        while other < layouts.len() {
            if !apart(layouts[one].fields, layouts[other].fields) {
                return true;
            }
            other += 1;
        }
        one += 1;
    }
    false
}

/// Whether a field in the same place of both has no value in common.
const fn apart(one: &[Field], other: &[Field]) -> bool {
    let mut at = 0;
    while at < one.len() {
        let mut beside = 0;
        while beside < other.len() {
            if same_place(&one[at], &other[beside])
                && disjoint(one[at].values, other[beside].values)
            {
                return true;
            }
            beside += 1;
        }
        at += 1;
    }
    false
}

const fn same_place(one: &Field, other: &Field) -> bool {
    let (
        Place::Fixed { at, size, endian },
        Place::Fixed {
            at: other_at,
            size: other_size,
            endian: other_endian,
        },
    ) = (one.place, other.place)
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
    at == other_at && size == other_size && endian as u8 == other_endian as u8 && same_bits
}

/// Whether both are known and have nothing in common.
const fn disjoint(one: &[u64], other: &[u64]) -> bool {
    let mut at = 0;
    while at < one.len() {
        let mut beside = 0;
        while beside < other.len() {
            if one[at] == other[beside] {
                return false;
            }
            beside += 1;
        }
        at += 1;
    }
    !one.is_empty() && !other.is_empty()
}

/// Whether the bytes are no frame of a layout, and then what is wrong with them, if that is likelier than
/// what is wrong by the layouts before: further on, and no magic, which is another layout's.
pub fn is_none<T>(verdict: &Verdict<T>, likeliest: &mut Option<Error>) -> bool {
    let Verdict::Malformed(error) = verdict else {
        return false;
    };
    let rank = |error: &Error| {
        let magic = matches!(error.reason(), Reason::Magic { .. });
        (!magic, error.offset())
    };
    if likeliest
        .as_ref()
        .is_none_or(|before| rank(before) < rank(error))
    {
        *likeliest = Some(*error);
    }
    true
}
