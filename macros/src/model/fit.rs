//! Which keys fit which fields: from the rows of `names`, the check and its errors.

use super::element::{Element, PartKind, Start};
use crate::attrs::field::FieldAttrs;
use crate::errors::Errors;
use crate::names::{FieldKey as Key, Keys, field_keys};

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
    /// A code enum, by its name.
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
            Element::Part(PartKind::Text) | Element::Nullable(PartKind::Text, _) => FieldKind::Text,
            Element::Part(PartKind::Bytes) | Element::Nullable(PartKind::Bytes, _) => {
                FieldKind::Bytes
            }
            Element::Part(PartKind::Headers) | Element::Nullable(PartKind::Headers, _) => {
                FieldKind::Headers
            }
        }
    }
}

/// Some kinds, and what errors call them: the rows of `names` name these groups.
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
    key: Key,
    /// Empty if that does not depend on the type of the field: what `len_of` and `over` name is judged when it is
    /// resolved, and some keys by the key that they require.
    on: &'static [Group],
    because: &'static [Reasons],
    /// The key of which this one says more.
    requires: Option<Key>,
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

const STARTS_EMPTY: Reasons = &[
    (TEXT, "a part starts empty"),
    (BYTES, "a part starts empty"),
    (HEADERS, "a part starts empty"),
];

const HAS_NO_PLACE: Reasons = &[
    (TEXT, "it starts where the fields before it end"),
    (BYTES, "it starts where the fields before it end"),
    (HEADERS, "it starts where the fields before it end"),
];

macro_rules! fit {
    ($key:ident, $on:tt) => { fit!($key, $on, because []) };
    ($key:ident, $on:tt, requires $required:ident) => { fit!($key, $on, because [], requires $required) };
    ($key:ident, $on:tt, because $because:tt) => {
        Fit { key: Key::$key, on: &$on, because: &$because, requires: None }
    };
    ($key:ident, $on:tt, because $because:tt, requires $required:ident) => {
        Fit { key: Key::$key, on: &$on, because: &$because, requires: Some(Key::$required) }
    };
}

macro_rules! fits {
    (
        values { $(
            $before:ident = $_1:literal, $_2:literal;
            $_3:ident: $_4:ty = $_5:ident, on $early:tt $(, because $not_early:tt)? $(, requires $needed:ident)?;
        )* }
        roles on $on:tt, because $because:tt { $($role:ident = $_6:literal, $_7:literal;)* }
        values { $(
            $after:ident = $_8:literal, $_9:literal;
            $_10:ident: $_11:ty = $_12:ident, on $late:tt $(, because $not_late:tt)? $(, requires $required:ident)?;
        )* }
    ) => {
        const FITS: &[Fit] = &[
            $(fit!($before, $early $(, because $not_early)? $(, requires $needed)?),)*
            $(fit!($role, $on, because $because),)*
            $(fit!($after, $late $(, because $not_late)? $(, requires $required)?),)*
        ];
    };
}

field_keys!(fits);

/// Reports every key that does not fit a field of this type, in the order in which they are written.
pub(super) fn check(attrs: &FieldAttrs, element: &Element, errors: &mut Errors) {
    let kind = FieldKind::of(element, attrs);
    for (key, ident) in &attrs.keys {
        let Some(fit) = FITS.iter().find(|fit| fit.key == *key) else {
            continue;
        };
        if let Some(message) = fit.misfit(kind) {
            errors.at(ident.span(), message);
            continue;
        }
        let is_missing = |required: &Key| attrs.keys.iter().all(|(other, _)| other != required);
        if let Some(required) = fit.requires.filter(is_missing) {
            errors.at(
                ident.span(),
                format_args!("`{ident}` requires `{}` on the same field", required.form()),
            );
        }
    }
}

impl Fit {
    /// Why the key does not fit a kind of field; `None` if it fits.
    fn misfit(&self, kind: FieldKind) -> Option<String> {
        let holds = |group: &Group| group.1.contains(&kind);
        if self.on.is_empty() || self.on.iter().any(holds) {
            return None;
        }
        let word = self.key.word();
        let mut reasons = self.because.iter().copied().flatten();
        Some(match reasons.find(|(group, _)| holds(group)) {
            Some(((name, _), why)) => format!("`{word}` cannot be used on {name}: {why}"),
            None => format!("`{word}` is only valid on {}", listed(self.on)),
        })
    }
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
            let rows: Vec<&Fit> = FITS.iter().filter(|fit| fit.key == row.key).collect();
            // What these cover is judged when it is resolved, and the others by the key that they require.
            let elsewhere = [Key::LenOf, Key::Over, Key::Inputs, Key::ReadOnly].contains(&row.key);
            assert_eq!(rows.len(), 1, "{}", row.word);
            assert_eq!(rows[0].on.is_empty(), elsewhere, "{}", row.word);
        }
    }
}
