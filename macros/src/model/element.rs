//! What the type of a field says about its layout.
//!
//! The macro sees names, not types: it knows parts, length fields and integers by the last segment of
//! their path, and leaves the width of everything else to the compiler.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::errors::Errors;
use crate::names;

/// What the type of a field is, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Int(Int),
    /// `Len<u16>`, with the integer between the brackets.
    Len(Int),
    Part(PartKind),
    /// A fixed type whose width the compiler knows: `[u8; N]`, an enum of codes.
    Fixed,
}

/// An integer of a stated width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Int {
    pub(crate) ident: Ident,
}

impl Int {
    fn named(ident: &Ident) -> Option<Self> {
        let known = names::INTS.iter().any(|name| ident == name);
        known.then(|| Int {
            ident: ident.clone(),
        })
    }

    /// One byte has no order.
    pub(crate) fn is_byte(&self) -> bool {
        self.bits() == 8
    }

    /// The value as it lies on the wire, extended with zeros.
    pub(crate) fn pattern(&self, value: i128) -> u64 {
        let mask = u64::MAX >> (64 - self.bits());
        u64::try_from(value & i128::from(mask)).unwrap_or(mask)
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
                _ => Some(Element::Fixed),
            },
            Type::Array(_) | Type::Macro(_) => Some(Element::Fixed),
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
        if let Some(int) = Int::named(&last.ident) {
            return Some(Element::Int(int));
        }
        if last.ident == names::LEN {
            return len_argument(ty, last, errors).map(Element::Len);
        }
        if let Some(kind) = PartKind::ALL
            .into_iter()
            .find(|kind| last.ident == kind.name())
        {
            return Some(Element::Part(kind));
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
        Some(Element::Fixed)
    }
}

/// The integer of `Len<u16>`.
fn len_argument(ty: &Type, last: &PathSegment, errors: &mut Errors) -> Option<Int> {
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(args) if args.args.len() == 1 => args.args.first(),
        _ => None,
    };
    let int = match argument {
        Some(GenericArgument::Type(Type::Path(path))) => path
            .path
            .segments
            .last()
            .and_then(|last| Int::named(&last.ident)),
        _ => None,
    };
    if int.is_none() {
        errors.on(
            ty,
            "a length field states its integer, such as `Len<u16>` (`u8` to `u64`, `i8` to `i64`)",
        );
    }
    int
}

/// A type that came through `macro_rules!` stands in an invisible group.
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
        let int =
            |name: &str| Int::named(&Ident::new(name, proc_macro2::Span::call_site())).unwrap();
        assert_eq!(int("u8").pattern(0xAB), 0xAB);
        assert_eq!(int("i16").pattern(-1), 0xFFFF);
        assert_eq!(int("i64").pattern(-2), u64::MAX - 1);
        assert_eq!(int("u64").pattern(i128::from(u64::MAX)), u64::MAX);
        assert!(int("i8").is_byte() && !int("u16").is_byte());
    }
}
