//! What every owned frame is written from: fixed fields that keep to the declaration, and the bytes of its parts.

use proc_macro2::TokenStream;
use quote::quote;

use crate::check::Checked;
use crate::expand::calls::wire_fn;
use crate::expand::idents;
use crate::expand::values::present_in;
use crate::model::field::{Field, Fixed, Value};
use crate::model::frame::Frame;

/// The function that holds a struct to its declaration before anything else is done with it; `None` if no value
/// can break it. (What it goes on to makes the result, so that an error is made where it stays.)
pub(in crate::expand) fn kept_to(frame: &Checked<Frame>) -> Option<TokenStream> {
    let ident = &frame.ident;
    let checks = frame.fixed().map(|(field, fixed)| check(field, fixed));
    let checks: TokenStream = checks.collect();
    (!checks.is_empty()).then(|| {
        quote! {
            #[inline]
            fn __kept_to<__T>(
                __frame: &#ident,
                __then: impl ::core::ops::FnOnce() -> __mw::Result<__T>,
            ) -> __mw::Result<__T> {
                #checks
                __then()
            }
        }
    })
}

/// What is done with a struct that keeps to its declaration.
pub(in crate::expand) fn after_check(
    frame: &Checked<Frame>,
    owner: &TokenStream,
    then: TokenStream,
) -> TokenStream {
    match kept_to(frame) {
        Some(_) => quote!(__kept_to(#owner, || { #then })),
        None => then,
    }
}

/// A fixed value is the declared one, and has no more bits than its field.
fn check(field: &Field, fixed: &Fixed) -> TokenStream {
    let (name, slot) = (&field.ident, idents::slot(field));
    let fits = wire_fn(field, "fits_bits");
    let bits = fixed
        .bits
        .as_ref()
        .map(|_| quote!(#fits(#slot, &__frame.#name)?;));
    let error = match &fixed.value {
        Value::Any | Value::Default(_) => return bits.unwrap_or_default(),
        Value::Ranges(_) => {
            let (wanted, is_within) = (idents::values(field), wire_fn(field, "is_within"));
            let wrong = wire_fn(field, "wrong_tag");
            return quote! {
                if !#is_within(&__frame.#name, #wanted) {
                    return __mw::Err(#wrong(#slot, &__frame.#name, &[]));
                }
                #bits
            };
        }
        Value::Magic(_) => wire_fn(field, "wrong_magic"),
        Value::Tag(_) => wire_fn(field, "wrong_tag"),
    };
    let is_none_of = wire_fn(field, "is_none_of");
    let wanted = idents::values(field);
    quote! {
        if #is_none_of(&__frame.#name, #wanted) {
            return __mw::Err(#error(#slot, &__frame.#name, #wanted));
        }
        #bits
    }
}

/// The bytes of every part of a struct.
pub(in crate::expand) fn regions(frame: &Checked<Frame>, owner: &TokenStream) -> TokenStream {
    let regions = frame.parts().map(|(field, _)| {
        let (name, region) = (&field.ident, idents::region(field));
        if field.format().is_some() {
            let (format, slot) = (idents::format(field), idents::slot(field));
            quote! {
                let #region = #format.region(&#owner.#name, #slot)?;
                let #region = &*#region;
            }
        } else if field.is_nullable() {
            quote!(let #region = __mw::part_region(&#owner.#name);)
        } else if field.when.is_some() {
            let present = present_in(frame, field, owner);
            quote! {
                let #region: &[__mw::u8] =
                    if #present { __mw::Part::region(&#owner.#name) } else { &[] };
            }
        } else {
            quote!(let #region = __mw::Part::region(&#owner.#name);)
        }
    });
    regions.collect()
}
