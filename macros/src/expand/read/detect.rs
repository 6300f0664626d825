//! Bytes to frames: detect them, and the owned shape from the borrowed one.

use std::iter;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::check::Checked;
use crate::expand::calls::{place, wire, wire_fn};
use crate::expand::{idents, values};
use crate::model::field::{Field, Shape, Value};
use crate::model::frame::Frame;

/// The frame by its magic values and tags alone, as far as they are at the front: whether they are
/// all there and right, and if not, what that means.
pub(in crate::expand) fn detect(frame: &Checked<Frame>) -> TokenStream {
    let mut holds = Vec::new();
    let mut calls = Vec::new();
    let head = frame.fields.iter().enumerate();
    for (_, field) in head.filter(|(index, _)| frame.plan.in_head(*index)) {
        let slot = idents::slot(field);
        let (compare, magic, tag) = (
            wire_fn(field, "holds"),
            wire_fn(field, "magic"),
            wire_fn(field, "tag"),
        );
        let (values, all) = (values::declared(frame, field), idents::values(field));
        match field.fixed().map(|fixed| &fixed.value) {
            Some(Value::Magic(_)) => {
                holds.push(quote!(#compare(__bytes, #slot, #all)));
                calls.push(quote!(#magic(__seen, __bytes, #slot, #(&#values)*)));
            }
            Some(Value::Tag(_)) => {
                holds.push(quote!(#compare(__bytes, #slot, #all)));
                calls.push(quote!(#tag(__seen, __bytes, #slot, #all)));
            }
            Some(Value::Ranges(_)) => {
                let (holds_within, tag_within) =
                    (wire(field, "holds_within"), wire(field, "tag_within"));
                holds.push(quote!(#holds_within(__bytes, #slot, #all)));
                calls.push(quote!(#tag_within(__seen, __bytes, #slot, #all)));
            }
            Some(Value::Any | Value::Default(_)) | None if field.is_decimal() => {
                holds.push(quote!(__mw::holds_digits(__bytes, #slot)));
                calls.push(quote!(__seen.digits(__bytes, #slot)));
            }
            Some(Value::Any | Value::Default(_)) | None => {}
        }
    }
    let mut calls = iter::once(quote!(__mw::Detection::START)).chain(calls);
    let last = calls.next_back();
    let before: Vec<_> = calls.collect();
    let bytes = if holds.is_empty() {
        holds.push(quote!(true));
        quote!(_)
    } else {
        quote!(__bytes)
    };
    quote! {
        #[inline]
        fn fits(#bytes: &[__mw::u8]) -> __mw::bool {
            #(#holds)&&*
        }
        fn detect(#bytes: &[__mw::u8]) -> __mw::Detection {
            #(let __seen = #before;)*
            #last
        }
    }
}

/// The owned shape.
pub(in crate::expand) fn from_view(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let fields = frame.fields.iter().map(owned);
    let bytes = if frame.parts().next().is_some() {
        quote!(__bytes)
    } else {
        quote!(_)
    };
    quote! {
        fn from_view(__view: &#view<'_>, #bytes: &__mw::Bytes) -> __mw::Result<Self> {
            __mw::Ok(Self { #(#fields,)* })
        }
    }
}

fn owned(field: &Field) -> TokenStream {
    let (name, slot) = (&field.ident, idents::slot(field));
    match &field.shape {
        Shape::Fixed(fixed) if fixed.int.is_some() => quote!(#name: __view.#name()),
        // Not every code is known.
        Shape::Fixed(_) => quote!(#name: __view.#name()?),
        // Not every region has the format.
        Shape::Part(part) if part.format.is_some() => quote!(#name: __view.#name()?),
        Shape::Length(_) => quote!(#name: __mw::Len::COMPUTED),
        Shape::Check(_) => quote!(#name: __mw::Check::COMPUTED),
        Shape::Part(part) if part.nullable.is_some() => {
            quote!(#name: __mw::part_or_null(__view.#name, __bytes, #slot)?)
        }
        Shape::Part(_) => {
            let call = quote_spanned!(place(&field.ty)=> __mw::Part::from_region);
            quote!(#name: #call(__view.#name, __bytes, #slot)?)
        }
    }
}
