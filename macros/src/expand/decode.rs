//! Bytes to frames: recognise, scan, and the owned shape from the borrowed one.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::{idents, place};
use crate::check::Checked;
use crate::model::field::{Field, Fixed, Part, Shape, Value};
use crate::model::frame::Frame;

/// The frame by its magic values and tags alone: whether they are all there and right, and if not,
/// what that means.
pub(super) fn recognise(frame: &Checked<Frame>) -> TokenStream {
    let mut holds = Vec::new();
    let mut calls = TokenStream::new();
    for (field, fixed) in frame.fixed() {
        let (ty, slot) = (&field.ty, idents::slot(field));
        match &fixed.value {
            Value::Magic(given) => {
                let value = &given.value;
                holds.push(quote!(__mw::holds::<#ty>(__bytes, #slot, &[#value])));
                calls.extend(quote!(.magic::<#ty>(__bytes, #slot, &(#value))));
            }
            Value::Tag(given) => {
                let values = &given.value;
                holds.push(quote!(__mw::holds::<#ty>(__bytes, #slot, &[#(#values),*])));
                calls.extend(quote!(.tag::<#ty>(__bytes, #slot, &[#(#values),*])));
            }
            Value::Any | Value::Default(_) => {}
        }
    }
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
        fn recognise(#bytes: &[__mw::u8]) -> __mw::Recognition {
            __mw::Recognition::START #calls
        }
    }
}

/// The frame's extent from its fixed header, every part claimed in its turn.
pub(super) fn scan(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let known = frame
        .fixed()
        .filter(|(field, fixed)| may_be_unknown(field, fixed));
    let known = known.map(|(field, _)| {
        let (ty, slot) = (&field.ty, idents::slot(field));
        quote!(__mw::known::<#ty>(__head, #slot)?;)
    });
    let claims = frame.measured().map(|measured| {
        let (int, part) = (measured.int(), idents::slot(measured.part));
        let region = idents::region(measured.part);
        quote!(let #region = __scan.part::<#int>(#part);)
    });
    let parts = frame.parts().map(|(field, _)| {
        let (name, region) = (&field.ident, idents::region(field));
        quote!(#name: __mw::region(__raw, #region))
    });
    quote! {
        #[inline]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<#view<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            #(#known)*
            #(#claims)*
            let __raw = __scan.settle()?;
            __mw::Ok(#view { __raw, __head, #(#parts,)* })
        }
    }
}

/// Integers and byte arrays know every value, and tags have been compared already.
fn may_be_unknown(field: &Field, fixed: &Fixed) -> bool {
    let compared = matches!(fixed.value, Value::Magic(_) | Value::Tag(_));
    !compared && fixed.int.is_none() && !matches!(field.ty, Type::Array(_))
}

/// The owned shape.
pub(super) fn from_view(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let fields = frame.fields.iter().map(|field| {
        let (name, slot) = (&field.ident, idents::slot(field));
        match &field.shape {
            Shape::Fixed(Fixed { int: Some(_), .. }) => quote!(#name: __view.#name()),
            // Both may fail: not every code is known, and not every region has the format.
            Shape::Fixed(Fixed { int: None, .. })
            | Shape::Part(Part {
                format: Some(_), ..
            }) => quote!(#name: __view.#name()?),
            Shape::Length(_) => quote!(#name: __mw::Len::COMPUTED),
            Shape::Part(_) => {
                let call = quote_spanned!(place(&field.ty)=> __mw::Part::from_region);
                quote!(#name: #call(__view.#name, __bytes, #slot)?)
            }
        }
    });
    let bytes = if frame.parts().next().is_some() {
        quote!(__bytes)
    } else {
        quote!(_)
    };
    quote! {
        fn from_view(__view: &#view<'_>, #bytes: &__mw::Bytes) -> __mw::Result<Self, __mw::Error> {
            __mw::Ok(Self { #(#fields,)* })
        }
    }
}
