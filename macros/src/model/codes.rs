//! An enum of codes: names for the values of one integer.

use proc_macro2::Ident;
use syn::{DeriveInput, Expr, Fields, Path, Type, Variant};

use super::generics::no_generics;
use crate::attrs::codes::CodesSource;
use crate::errors::Errors;
use crate::names;
use crate::suggest;

/// An enum whose variants are the values of one integer.
#[derive(Debug)]
pub(crate) struct Codes {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    /// The integer on the wire.
    pub(crate) repr: Ident,
    pub(crate) variants: Vec<Code>,
    pub(crate) other: Option<Other>,
}

/// The variant that keeps a value no other variant has.
#[derive(Debug)]
pub(crate) struct Other {
    pub(crate) ident: Ident,
    /// The code before it, whose value plus one the compiler gives to this variant as a mark of its
    /// own; `None` if the author states the mark.
    pub(crate) follows: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) ident: Ident,
    pub(crate) value: Expr,
}

impl Codes {
    pub(crate) fn build(source: &CodesSource<'_>, errors: &mut Errors) -> Option<Self> {
        let input = source.input;
        no_generics(input, errors);
        let repr = repr(input, errors);
        let mut codes = Vec::new();
        let mut other: Option<Other> = None;
        for (variant, keys) in &source.variants {
            match &keys.other {
                None => codes.extend(code(variant, repr.as_ref(), errors)),
                Some(given) => match &other {
                    None => {
                        other_holds_repr(variant, repr.as_ref(), errors);
                        other = Some(Other {
                            ident: variant.ident.clone(),
                            follows: follows(variant, &codes),
                        });
                    }
                    Some(first) => errors.at(
                        given.key.span(),
                        format_args!("`{}` already holds all other values", first.ident),
                    ),
                },
            }
        }
        Some(Codes {
            ident: input.ident.clone(),
            krate: source.attrs.krate.as_ref().map(|given| given.value.clone()),
            repr: repr?,
            variants: codes,
            other,
        })
    }
}

/// The integer of `#[repr(…)]`, which is the width on the wire.
pub(crate) fn repr(input: &DeriveInput, errors: &mut Errors) -> Option<Ident> {
    let mut repr = None;
    for attr in input
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("repr"))
    {
        let read = attr.parse_nested_meta(|meta| {
            let ident = meta.path.get_ident();
            if let Some(ident) = ident.filter(|ident| names::REPRS.iter().any(|int| ident == int)) {
                repr = Some(ident.clone());
            }
            // `align(4)` and its like: the compiler judges them.
            if meta.input.peek(syn::token::Paren) {
                meta.input.parse::<proc_macro2::TokenTree>()?;
            }
            Ok(())
        });
        errors.ok(read);
    }
    if repr.is_none() {
        errors.on(
            &input.ident,
            format_args!(
                "`{}` has no width on the wire: add `#[repr(u8)]`, or another of {}",
                input.ident,
                suggest::quoted(names::REPRS)
            ),
        );
    }
    repr
}

/// A code has no fields and says its value: counting up from the variant before would hide what is on
/// the wire.
fn code(variant: &Variant, repr: Option<&Ident>, errors: &mut Errors) -> Option<Code> {
    let ident = &variant.ident;
    if !matches!(variant.fields, Fields::Unit) {
        let repr = repr.map_or_else(|| "u8".to_owned(), Ident::to_string);
        errors.on(
            &variant.fields,
            format_args!("a code has no data; if `{ident}` holds all other values, write `#[frame(other)] {ident}({repr})`"),
        );
        return None;
    }
    let Some((_, value)) = &variant.discriminant else {
        errors.on(
            ident,
            format_args!("`{ident}` needs a value: write `{ident} = 1`"),
        );
        return None;
    };
    Some(Code {
        ident: ident.clone(),
        value: value.clone(),
    })
}

fn follows(variant: &Variant, before: &[Code]) -> Option<Expr> {
    let last = before.last().map(|code| code.value.clone());
    last.filter(|_| variant.discriminant.is_none())
}

/// The variant of all other values holds the value.
fn other_holds_repr(variant: &Variant, repr: Option<&Ident>, errors: &mut Errors) {
    let Some(repr) = repr else { return };
    let held = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
        _ => None,
    };
    let fits = held.is_some_and(|field| match &field.ty {
        Type::Path(path) => path.path.is_ident(repr),
        _ => false,
    });
    if !fits {
        let ident = &variant.ident;
        errors.on(
            variant,
            format_args!("`{ident}` must hold the unknown value: write `{ident}({repr})`"),
        );
    }
}
