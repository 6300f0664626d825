//! Text to typed attributes: which keys were given, each with its value and its span.
//!
//! Nothing here knows what a key means. A bad key is reported and skipped, so that the rest is read.

pub(crate) mod codes;
pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod protocol;
pub(crate) mod record;
pub(crate) mod value;

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta, Token};

use crate::errors::Errors;
use crate::names::{self, Keys};

/// A key the user wrote, with its value.
#[derive(Clone, Debug)]
pub(crate) struct Given<T> {
    pub(crate) key: Ident,
    pub(crate) value: T,
}

/// A key, before its value is read.
pub(crate) struct Found<K> {
    pub(crate) key: K,
    pub(crate) ident: Ident,
    /// How the key is written, for the errors about its value.
    pub(crate) form: &'static str,
}

impl<K> Found<K> {
    /// Reads the value of the key into `slot`, which a second key of the same name finds taken.
    pub(crate) fn set<T>(
        self,
        slot: &mut Option<Given<T>>,
        input: ParseStream,
        read: impl FnOnce(&Self, ParseStream) -> syn::Result<T>,
    ) -> syn::Result<()> {
        let value = read(&self, input)?;
        if slot.is_some() {
            return Err(self.error(format_args!("`{}` is given twice", self.ident)));
        }
        *slot = Some(Given {
            key: self.ident,
            value,
        });
        Ok(())
    }

    pub(crate) fn error(&self, message: impl std::fmt::Display) -> syn::Error {
        syn::Error::new(self.ident.span(), message)
    }

    /// The error of a key whose value is missing or has another form.
    pub(crate) fn misspelt(&self) -> syn::Error {
        self.error(format_args!("`{}` is written `{}`", self.ident, self.form))
    }
}

/// Reads the keys of all `#[frame(…)]` among `attrs`.
pub(crate) fn read<K: Keys>(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut each: impl FnMut(Found<K>, ParseStream) -> syn::Result<()>,
) {
    let ours = attrs
        .iter()
        .filter(|attr| attr.path().is_ident(K::PLACE.attribute()));
    for attr in ours {
        let Meta::List(list) = &attr.meta else {
            let name = K::PLACE.attribute();
            errors.on(&attr.meta, format_args!("expected `#[{name}(…)]`"));
            continue;
        };
        let keys = |input: ParseStream| {
            read_list(input, errors, &mut each);
            Ok(())
        };
        let read = list.parse_args_with(keys);
        errors.ok(read);
    }
}

/// Reads the keys of one list, up to its end.
pub(crate) fn read_list<K: Keys>(
    input: ParseStream,
    errors: &mut Errors,
    each: impl FnMut(Found<K>, ParseStream) -> syn::Result<()>,
) {
    read_mixed(input, errors, each, |_| None);
}

/// The same for a list with something else among the keys, which `other` reads if it comes next.
pub(crate) fn read_mixed<K: Keys>(
    input: ParseStream,
    errors: &mut Errors,
    mut each: impl FnMut(Found<K>, ParseStream) -> syn::Result<()>,
    mut other: impl FnMut(ParseStream) -> Option<syn::Result<()>>,
) {
    while !input.is_empty() {
        let read = other(input).unwrap_or_else(|| read_one(input, &mut each));
        if let Err(error) = read {
            errors.add(error);
        }
        skip_to_comma(input);
        errors.ok(input.parse::<Option<Token![,]>>());
    }
}

fn read_one<K: Keys>(
    input: ParseStream,
    each: &mut impl FnMut(Found<K>, ParseStream) -> syn::Result<()>,
) -> syn::Result<()> {
    let ident = input.call(Ident::parse_any)?;
    let word = ident.to_string();
    let Some(row) = K::row(&word) else {
        return Err(syn::Error::new(ident.span(), names::unknown::<K>(&word)));
    };
    let found = Found {
        key: row.key,
        ident,
        form: row.form,
    };
    each(found, input)?;
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else if row.form == row.word {
        Err(input.error(format_args!("`{word}` takes no value")))
    } else {
        Err(input.error(format_args!("expected `,` after `{}`", row.form)))
    }
}

/// Leaves the rest of a key that could not be read. Commas inside brackets belong to one token tree.
fn skip_to_comma(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // A token tree can always be taken from an input that is not empty.
        let _ = input.parse::<TokenTree>();
    }
}

/// Reads the keys inside `#[protocol(…)]`, whose attribute the compiler has already taken apart.
pub(crate) fn read_args<K: Keys>(
    args: proc_macro2::TokenStream,
    errors: &mut Errors,
    each: impl FnMut(Found<K>, ParseStream) -> syn::Result<()>,
) {
    let keys = |input: ParseStream| {
        read_list(input, errors, each);
        Ok(())
    };
    let read = keys.parse2(args);
    errors.ok(read);
}
