//! Which keys fit which fields: one table, from which the check, its errors and their hints come.

use super::element::{Element, PartKind, Start};
use crate::attrs::field::FieldAttrs;
use crate::errors::Errors;
use crate::names::{FieldKey as Key, Keys};

/// What a field is, as far as a key can depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldKind {
    /// An integer of one byte that shares it with no other field.
    Byte,
    Unsigned,
    Signed,
    Digits,
    Varint,
    Array,
    Padded,
    /// A code enum, as far as its name tells.
    Code,
    Length,
    VarintLength,
    Check,
    Text,
    Bytes,
    Headers,
}

impl FieldKind {
    fn of(element: &Element, attrs: &FieldAttrs) -> Self {
        match element {
            Element::Int(int) if int.is_varint() => FieldKind::Varint,
            Element::Int(int) if int.is_decimal() => FieldKind::Digits,
            Element::Int(int) if int.is_byte() && attrs.bits.is_none() => FieldKind::Byte,
            Element::Int(int) if int.is_signed() => FieldKind::Signed,
            Element::Int(_) => FieldKind::Unsigned,
            Element::Fixed(Start::Bytes) => FieldKind::Array,
            Element::Fixed(Start::Text) => FieldKind::Padded,
            Element::Fixed(Start::Unknown) => FieldKind::Code,
            Element::Len(int) if int.is_varint() => FieldKind::VarintLength,
            Element::Len(_) => FieldKind::Length,
            Element::Check(_) => FieldKind::Check,
            Element::Part(PartKind::Text) => FieldKind::Text,
            Element::Part(PartKind::Bytes) => FieldKind::Bytes,
            Element::Part(PartKind::Headers) => FieldKind::Headers,
        }
    }
}

/// Some kinds, and what errors call them.
type Group = (&'static str, &'static [FieldKind]);

const BYTE: Group = ("a single byte", &[FieldKind::Byte]);
const UNSIGNED: Group = (
    "an unsigned integer",
    &[FieldKind::Byte, FieldKind::Unsigned],
);
const WIDE: Group = (
    "an integer of several bytes",
    &[FieldKind::Unsigned, FieldKind::Signed],
);
const DIGITS: Group = ("`AsciiDecimal`", &[FieldKind::Digits]);
const INTEGER: Group = (
    "an integer",
    &[
        FieldKind::Byte,
        FieldKind::Unsigned,
        FieldKind::Signed,
        FieldKind::Digits,
    ],
);
const ARRAY: Group = ("a byte array", &[FieldKind::Array]);
const PADDED: Group = ("a `FixedStr`", &[FieldKind::Padded]);
const CODE: Group = ("a code enum", &[FieldKind::Code]);
const VARINT: Group = ("a varint", &[FieldKind::Varint]);
const VARINTS: Group = ("a varint", &[FieldKind::Varint, FieldKind::VarintLength]);
const LENGTH: Group = (
    "a `Len` field",
    &[FieldKind::Length, FieldKind::VarintLength],
);
const FIXED_LENGTH: Group = ("a `Len` field", &[FieldKind::Length]);
const CHECK: Group = ("a `Check` field", &[FieldKind::Check]);
const TEXT: Group = ("a `Text`", &[FieldKind::Text]);
const BYTES: Group = ("`Bytes`", &[FieldKind::Bytes]);
const HEADERS: Group = ("a `HeaderMap`", &[FieldKind::Headers]);

/// Kinds of fields, each with why a key does not fit it.
type Reasons = &'static [(Group, &'static str)];

/// The kinds of fields that a key fits, and why it does not fit some others.
struct Fit {
    keys: &'static [Key],
    on: &'static [Group],
    because: &'static [Reasons],
}

const COMPUTED: Reasons = &[
    (LENGTH, "its value is computed from the fields it covers"),
    (CHECK, "its value is computed from the bytes it covers"),
];

/// Fields that have no constant value.
const NOT_CONSTANT: Reasons = &[
    (TEXT, "only a fixed field has a constant value"),
    (BYTES, "only a fixed field has a constant value"),
    (HEADERS, "only a fixed field has a constant value"),
];

const FITS: &[Fit] = &[
    Fit {
        keys: &[Key::Magic],
        on: &[INTEGER, ARRAY, PADDED, CODE],
        because: &[
            &[(VARINT, "only a field of fixed width tells protocols apart")],
            NOT_CONSTANT,
            COMPUTED,
        ],
    },
    Fit {
        keys: &[Key::Tag],
        on: &[INTEGER, ARRAY, PADDED, CODE],
        because: &[
            &[(VARINT, "only a field of fixed width tells frames apart")],
            NOT_CONSTANT,
            COMPUTED,
        ],
    },
    Fit {
        keys: &[Key::Default],
        on: &[INTEGER, VARINT, ARRAY, PADDED, CODE],
        because: &[
            &[
                (TEXT, "a part starts empty"),
                (BYTES, "a part starts empty"),
                (HEADERS, "a part starts empty"),
            ],
            COMPUTED,
        ],
    },
    Fit {
        keys: &[
            Key::Id,
            Key::Timeout,
            Key::Status,
            Key::Headers,
            Key::Body,
            Key::Kind,
        ],
        on: &[INTEGER, VARINT, ARRAY, PADDED, CODE, TEXT, BYTES, HEADERS],
        because: &[COMPUTED],
    },
    Fit {
        keys: &[Key::IdCopy],
        on: &[INTEGER],
        because: &[&[(VARINT, "the second place of the id has a fixed width")]],
    },
    Fit {
        keys: &[Key::Format, Key::TimeoutKey],
        on: &[HEADERS],
        because: &[],
    },
    Fit {
        keys: &[Key::With],
        on: &[BYTES],
        because: &[],
    },
    Fit {
        keys: &[Key::Header],
        on: &[INTEGER, VARINT, PADDED, TEXT],
        because: &[],
    },
    Fit {
        keys: &[Key::Until],
        on: &[TEXT, BYTES],
        because: &[],
    },
    Fit {
        keys: &[Key::Unit],
        on: &[LENGTH],
        because: &[],
    },
    Fit {
        keys: &[Key::Bits],
        on: &[UNSIGNED, CODE],
        because: &[&[(VARINT, "it has as many bytes of its own as its value needs")]],
    },
    Fit {
        keys: &[Key::When],
        on: &[INTEGER, ARRAY, PADDED, CODE, CHECK],
        because: &[&[
            (LENGTH, "it is in every frame"),
            (VARINT, "it is in every frame"),
            (TEXT, "it can be empty instead"),
            (BYTES, "it can be empty instead"),
            (HEADERS, "it can be empty instead"),
        ]],
    },
    Fit {
        keys: &[Key::At],
        on: &[INTEGER, ARRAY, PADDED, CODE, FIXED_LENGTH, CHECK],
        because: &[&[
            (VARINTS, "it is not in the fixed part"),
            (TEXT, "it starts where the fields before it end"),
            (BYTES, "it starts where the fields before it end"),
            (HEADERS, "it starts where the fields before it end"),
        ]],
    },
    Fit {
        keys: &[Key::Max],
        on: &[TEXT, BYTES, HEADERS],
        because: &[&[
            (VARINT, "its integer limits its length"),
            (LENGTH, "it limits the part, so write it there"),
        ]],
    },
    Fit {
        keys: &[Key::Endian],
        on: &[WIDE, ARRAY, PADDED, CODE, FIXED_LENGTH, CHECK],
        because: &[&[
            (BYTE, "one byte has no order"),
            (DIGITS, "the first digit is the highest"),
            (VARINTS, "its lowest bits come first"),
        ]],
    },
];

/// Keys that say more about another key of the same field.
const REQUIRES: &[(Key, Key)] = &[
    (Key::Inputs, Key::With),
    (Key::ReadOnly, Key::Header),
    (Key::Until, Key::Max),
];

/// Reports every key that does not fit a field of this type, in the order in which they are written.
pub(super) fn check(attrs: &FieldAttrs, element: &Element, errors: &mut Errors) {
    let kind = FieldKind::of(element, attrs);
    for (key, ident) in &attrs.keys {
        if let Some(message) = misfit(*key, kind) {
            errors.at(ident.span(), message);
            continue;
        }
        let is_missing = |required: &Key| attrs.keys.iter().all(|(other, _)| other != required);
        let required = REQUIRES.iter().find(|(other, _)| other == key);
        if let Some((_, required)) = required.filter(|(_, required)| is_missing(required)) {
            errors.at(
                ident.span(),
                format_args!("`{ident}` requires `{}` on the same field", required.form()),
            );
        }
    }
}

/// Why a key does not fit a kind of field; `None` if it fits.
fn misfit(key: Key, kind: FieldKind) -> Option<String> {
    let fit = FITS.iter().find(|fit| fit.keys.contains(&key))?;
    let holds = |group: &Group| group.1.contains(&kind);
    if fit.on.iter().any(holds) {
        return None;
    }
    let word = key.word();
    let why = fit
        .because
        .iter()
        .copied()
        .flatten()
        .find(|(group, _)| holds(group));
    Some(match why {
        Some(((name, _), why)) => format!("`{word}` cannot be used on {name}: {why}"),
        None => format!("`{word}` is only valid on {}", listed(fit.on)),
    })
}

/// `a, b or c`
fn listed(groups: &[Group]) -> String {
    let names: Vec<&str> = groups.iter().map(|(name, _)| *name).collect();
    match names.as_slice() {
        [before @ .., one, last] => {
            let before: String = before.iter().flat_map(|name| [*name, ", "]).collect();
            format!("{before}{one} or {last}")
        }
        names => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_one_row() {
        for row in Key::TABLE {
            let rows = FITS.iter().filter(|fit| fit.keys.contains(&row.key));
            // What these cover is judged when it is resolved, and the others by the key that they require.
            let elsewhere = [Key::LenOf, Key::Over, Key::Inputs, Key::ReadOnly].contains(&row.key);
            assert_eq!(rows.count(), usize::from(!elsewhere), "{}", row.word);
        }
    }
}
