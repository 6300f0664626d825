//! Where every field stands, as consts that the compiler computes, and the pins that hold it to the
//! author's word.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;

use super::{idents, place};
use crate::attrs::value::Endian;
use crate::check::Checked;
use crate::model::field::{Field, Part, Shape};
use crate::model::frame::Frame;

pub(super) fn consts(frame: &Checked<Frame>) -> TokenStream {
    let slots = slots(frame);
    let end = end(frame);
    let max = frame.max.as_ref();
    let max = max.map_or_else(|| quote!(__mw::MAX_FRAME), |max| quote!(#max));
    let pins = pins(frame);
    let formats = formats(frame);
    quote! {
        #slots
        #formats
        const __FIXED: __mw::usize = #end.end();
        const __MAX: __mw::usize = #max;
        #pins
    }
}

/// The last field of the fixed header: the parts begin behind it.
fn end(frame: &Checked<Frame>) -> TokenStream {
    let last = header(frame).last().unwrap_or(frame.id());
    let slot = idents::slot(last);
    quote!(#slot)
}

fn header(frame: &Checked<Frame>) -> impl Iterator<Item = &Field> {
    let fields = frame.fields.iter();
    fields.filter(|field| !matches!(field.shape, Shape::Part(_)))
}

fn slots(frame: &Checked<Frame>) -> TokenStream {
    let end = end(frame);
    let mut previous: Option<&Field> = None;
    let slots = frame.fields.iter().map(|field| {
        let (slot, name, ty) = (idents::slot(field), field.name(), &field.ty);
        let (size, endian) = match &field.shape {
            Shape::Part(part) => {
                let length = idents::slot(&frame.fields[part.length]);
                let limit = limit(field, part);
                return quote! { const #slot: &__mw::Slot = &#end.part(#name, #length, #limit); };
            }
            Shape::Fixed(fixed) => {
                let span = place(ty);
                let size = quote_spanned!(span=> <#ty as __mw::Fixed>::SIZE);
                (size, order(fixed.endian))
            }
            Shape::Length(length) => {
                let int = &length.int.ident;
                (quote!(<#int as __mw::Fixed>::SIZE), order(length.endian))
            }
        };
        let value = match previous.replace(field) {
            None => {
                let frame = frame.name();
                quote!(__mw::Slot::first(#frame, #name, #size, #endian))
            }
            Some(previous) => {
                let previous = idents::slot(previous);
                quote!(#previous.then(#name, #size, #endian))
            }
        };
        quote! { const #slot: &__mw::Slot = &#value; }
    });
    slots.collect()
}

/// The format of a header map that is no block. It is named once, so a wrong one is one error.
fn formats(frame: &Checked<Frame>) -> TokenStream {
    let formats = frame.parts().filter_map(|(field, _)| {
        let (name, format) = (idents::format(field), field.format()?);
        let call = quote_spanned!(place(format)=> __mw::Format::of::<#format>);
        Some(quote!(const #name: &__mw::Format = &#call();))
    });
    formats.collect()
}

fn order(endian: Endian) -> TokenStream {
    match endian {
        Endian::Big => quote!(__mw::Endian::Big),
        Endian::Little => quote!(__mw::Endian::Little),
    }
}

/// How long a part may be: as declared, or what its type allows.
fn limit(field: &Field, part: &Part) -> TokenStream {
    let ty = &field.ty;
    let own = part.max.as_ref().map(|given| given.value.to_token_stream());
    own.unwrap_or_else(|| quote_spanned!(place(ty)=> <#ty as __mw::Part>::MAX))
}

/// A wrong pin is an error at the number the author wrote.
fn pins(frame: &Checked<Frame>) -> TokenStream {
    let mut pins = TokenStream::new();
    for field in header(frame) {
        if let Some(declared) = declared(field) {
            let slot = idents::slot(field);
            pins.extend(quote_spanned! {place(declared)=>
                const _: () = __mw::pin_at(#slot, #declared);
            });
        }
    }
    if let Some(declared) = &frame.size {
        let name = frame.name();
        pins.extend(quote_spanned! {place(declared)=>
            const _: () = __mw::pin_size(#name, __FIXED, #declared);
        });
    }
    pins
}

fn declared(field: &Field) -> Option<&Expr> {
    let at = match &field.shape {
        Shape::Fixed(fixed) => fixed.at.as_ref(),
        Shape::Length(length) => length.at.as_ref(),
        Shape::Part(_) => None,
    };
    at.map(|given| &given.value)
}
