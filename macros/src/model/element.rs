//! What the type of a field says about its layout.
//!
//! The macro sees names, not types: it knows parts, length fields and integers by the last segment of
//! their path, and leaves the width of everything else to the compiler.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeArray};

use super::literal;
use crate::errors::Errors;
use crate::names;
use crate::suggest;

/// What the type of a field is, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// An integer, which may be of variable width.
    Int(Int),
    /// `Len<u16>`, with the integer between the brackets.
    Len(Int),
    /// `Check<Crc32>`, with the algorithm between the brackets.
    Check(Type),
    Part(PartKind),
    /// `Option<Text>`, with the type between the brackets.
    Nullable(PartKind, Type),
    /// A fixed type whose width the compiler knows: `[u8; N]`, `FixedStr<N>`, an enum of codes.
    Fixed(Start),
}

/// Whether a fixed type has a value to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Bytes or a text, which start empty.
    Bytes,
    Text,
    /// Only the author knows.
    Unknown,
}

/// An integer of a stated width, or a varint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Int {
    pub(crate) ident: Ident,
    /// The type as it was written.
    pub(crate) ty: Type,
}

impl Int {
    fn of(ty: &Type) -> Option<Self> {
        let Type::Path(path) = ungrouped(ty) else {
            return None;
        };
        let ident = &path.path.segments.last()?.ident;
        let known = names::INTS.iter().any(|name| ident == name);
        known.then(|| Int {
            ident: ident.clone(),
            ty: ty.clone(),
        })
    }

    /// One byte has no order.
    pub(crate) fn is_byte(&self) -> bool {
        self.bits() == 8
    }

    /// It has values below 0.
    pub(crate) fn is_signed(&self) -> bool {
        self.ident.to_string().starts_with('i')
    }

    /// Its bytes are digits.
    pub(crate) fn is_decimal(&self) -> bool {
        self.ident == "AsciiDecimal"
    }

    /// It has as many bytes as its value needs.
    pub(crate) fn is_varint(&self) -> bool {
        names::VARINTS.iter().any(|(name, _)| self.ident == name)
    }

    /// It is a varint whose lowest bit is its sign.
    pub(crate) fn is_zigzag(&self) -> bool {
        self.ident == names::ZIGZAG
    }

    /// The same; `None` if it is reported as a varint of another value than that of an integer.
    fn valued(self, errors: &mut Errors) -> Option<Self> {
        let mut varints = names::VARINTS.iter();
        let Some((name, values)) = varints.find(|(name, _)| self.ident == name) else {
            return Some(self);
        };
        let value = last(&self.ty).and_then(argument);
        let known = value.is_some_and(|value| match ungrouped(value) {
            Type::Path(path) => path.path.segments.last().is_some_and(|last| {
                let mut values = values.iter();
                values.any(|value| last.ident == value)
            }),
            _ => false,
        });
        if !known {
            errors.on(
                value.unwrap_or(&self.ty),
                format_args!(
                    "a `{name}` needs one of {} as its type: write `{name}<{}>`",
                    suggest::quoted(values),
                    values[1]
                ),
            );
        }
        known.then_some(self)
    }

    /// The value as it is on the wire, extended with zeros.
    pub(crate) fn pattern(&self, value: i128) -> u64 {
        let mask = u64::MAX >> (64 - self.bits());
        u64::try_from(value & i128::from(mask)).unwrap_or(mask)
    }

    /// The smallest and the largest value; `None` if they follow from a constant.
    pub(crate) fn range(&self) -> Option<(i128, i128)> {
        if self.is_decimal() {
            let digits = u32::try_from(number_argument(&self.ty)?).ok()?;
            return Some((0, 10_i128.checked_pow(digits)? - 1));
        }
        if self.is_varint() {
            return Int::of(argument(last(&self.ty)?)?)?.range();
        }
        let bits = self.bits();
        Some(if self.is_signed() {
            (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        } else {
            (0, (1 << bits) - 1)
        })
    }

    /// It is an integer of the language, whose literals are its values.
    pub(crate) fn is_primitive(&self) -> bool {
        self.ident.to_string().starts_with(['u', 'i'])
    }

    /// The width, which the name ends with.
    fn bits(&self) -> u32 {
        let name = self.ident.to_string();
        let width = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        width.parse().unwrap_or(64)
    }
}

/// The types of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Text,
    Bytes,
    Headers,
}

impl PartKind {
    const ALL: [PartKind; 3] = [PartKind::Text, PartKind::Bytes, PartKind::Headers];

    fn of(ty: &Type) -> Option<Self> {
        let name = &last(ty)?.ident;
        Self::ALL.into_iter().find(|kind| name == kind.name())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            PartKind::Text => "Text",
            PartKind::Bytes => "Bytes",
            PartKind::Headers => "HeaderMap",
        }
    }
}

impl Element {
    /// Reads a type; `None` if it is reported as one that cannot be on the wire.
    pub(crate) fn of(ty: &Type, errors: &mut Errors) -> Option<Self> {
        match ungrouped(ty) {
            Type::Path(path) => match path.path.segments.last() {
                Some(last) if path.qself.is_none() => Self::of_segment(ty, last, errors),
                _ => Some(Element::Fixed(Start::Unknown)),
            },
            Type::Array(array) => {
                array_of_bytes(array, errors).then_some(Element::Fixed(Start::Bytes))
            }
            Type::Macro(_) => Some(Element::Fixed(Start::Unknown)),
            Type::Reference(_) | Type::Slice(_) => {
                errors.on(
                    ty,
                    "a frame owns its parts: write `Text`, `Bytes` or `HeaderMap`; the generated view borrows",
                );
                None
            }
            other => {
                errors.on(
                    other,
                    format_args!("`{}` has no layout on the wire", other.to_token_stream()),
                );
                None
            }
        }
    }

    fn of_segment(ty: &Type, last: &PathSegment, errors: &mut Errors) -> Option<Self> {
        if let Some(int) = Int::of(ty) {
            return int.valued(errors).map(Element::Int);
        }
        if last.ident == names::LEN {
            return len_argument(ty, last, errors).map(Element::Len);
        }
        if last.ident == names::CHECK {
            return check_argument(ty, last, errors).map(Element::Check);
        }
        if last.ident == names::PADDED {
            return Some(Element::Fixed(Start::Text));
        }
        if let Some(kind) = PartKind::of(ty) {
            return Some(Element::Part(kind));
        }
        if last.ident == names::OPTION {
            let inner = argument(last).and_then(|inner| Some((PartKind::of(inner)?, inner)));
            if let Some((kind @ (PartKind::Text | PartKind::Bytes), inner)) = inner {
                return Some(Element::Nullable(kind, inner.clone()));
            }
        }
        let refused = names::NOT_ON_THE_WIRE
            .iter()
            .find(|(name, _)| last.ident == name);
        if let Some((name, instead)) = refused {
            errors.on(
                ty,
                format_args!("`{name}` has no layout on the wire: write {instead}"),
            );
            return None;
        }
        Some(Element::Fixed(Start::Unknown))
    }
}

/// Arrays are of bytes: what is wider has an order of bytes, which an array does not say.
fn array_of_bytes(array: &TypeArray, errors: &mut Errors) -> bool {
    let refused = match last(&array.elem) {
        // Under another name the compiler judges it.
        Some(last) => {
            let refused = names::NOT_ON_THE_WIRE.iter().map(|(name, _)| *name);
            let mut names = names::INTS.iter().copied().chain(refused);
            last.ident != "u8" && names.any(|name| last.ident == name)
        }
        None => true,
    };
    if refused {
        errors.on(
            array,
            format_args!(
                "`{}` has no layout on the wire: an array must be of bytes, such as `[u8; 4]`",
                text(array)
            ),
        );
    }
    !refused
}

/// The integer of `Len<u16>`.
fn len_argument(ty: &Type, last: &PathSegment, errors: &mut Errors) -> Option<Int> {
    let int = argument(last).and_then(Int::of);
    if int.is_none() {
        errors.on(
            ty,
            "a length field needs an integer type, such as `Len<u16>` (`u8` to `u64`, `i8` to `i64`, `U24`, `U48`, `AsciiDecimal<N>`, `Varint<u32>`)",
        );
    }
    int.and_then(|int| int.valued(errors))
}

/// The algorithm of `Check<Crc32>`.
fn check_argument(ty: &Type, last: &PathSegment, errors: &mut Errors) -> Option<Type> {
    let algorithm = argument(last);
    if algorithm.is_none() {
        errors.on(ty, "a checksum needs an algorithm, such as `Check<Crc32>`");
    }
    algorithm.cloned()
}

/// How many bytes a byte array or a text of fixed width has; `None` if that follows from a constant.
pub(crate) fn width(ty: &Type) -> Option<i128> {
    match ungrouped(ty) {
        Type::Array(array) => literal::integer(&array.len),
        _ => number_argument(ty),
    }
}

/// What fills up a text of fixed width, which is a space if nothing is said; `None` if that follows from a
/// constant.
pub(crate) fn padding(ty: &Type) -> Option<i128> {
    match &last(ty)?.arguments {
        PathArguments::AngleBracketed(args) if args.args.len() == 1 => Some(b' '.into()),
        PathArguments::AngleBracketed(args) => number(args.args.get(1)?),
        _ => None,
    }
}

/// The number that comes first between the brackets.
fn number_argument(ty: &Type) -> Option<i128> {
    match &last(ty)?.arguments {
        PathArguments::AngleBracketed(args) => number(args.args.first()?),
        _ => None,
    }
}

fn number(argument: &GenericArgument) -> Option<i128> {
    match argument {
        GenericArgument::Const(number) => literal::integer(number),
        _ => None,
    }
}

/// The segment of a path that names the type.
fn last(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The one type between the brackets.
fn argument(last: &PathSegment) -> Option<&Type> {
    match &last.arguments {
        PathArguments::AngleBracketed(args) if args.args.len() == 1 => match args.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// A type as its author would write it.
pub(crate) fn text(ty: &impl ToTokens) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" ;", ";")
        .replace(" ,", ",")
}

/// A type that came through `macro_rules!` is in an invisible group.
fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_as_wide_as_its_integer() {
        let int = |name: &str| Int::of(&syn::parse_str(name).unwrap()).unwrap();
        assert_eq!(int("u8").pattern(0xAB), 0xAB);
        assert_eq!(int("i16").pattern(-1), 0xFFFF);
        assert_eq!(int("i64").pattern(-2), u64::MAX - 1);
        assert_eq!(int("u64").pattern(i128::from(u64::MAX)), u64::MAX);
        assert_eq!(int("U24").pattern(1 << 24), 0);
        assert!(int("i8").is_byte() && !int("u16").is_byte());
    }
}
