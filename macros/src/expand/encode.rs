//! Frames to bytes: the owned shape in full, the borrowed one with edits.

use proc_macro2::TokenStream;
use quote::quote;

use super::idents;
use crate::check::Checked;
use crate::model::field::{Field, Fixed, Value};
use crate::model::frame::Frame;

/// `Message` of the struct, over a function that fills the fixed header.
pub(super) fn message(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let head = head(frame);
    let setters = setters(frame);
    let parts = frame.parts().map(|(field, _)| {
        let name = &field.ident;
        quote!(__out.extend_from_slice(__mw::Part::region(&self.#name));)
    });
    quote! {
        #head

        #[automatically_derived]
        impl __mw::Message for #ident {
            #setters
            fn encoded_len(&self) -> __mw::Result<__mw::usize, __mw::Error> {
                __head(self, &mut [0; __FIXED])
            }
            #[inline]
            fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<(), __mw::Error> {
                let mut __bytes = [0; __FIXED];
                let __total = __head(self, &mut __bytes)?;
                __out.reserve(__total);
                __out.extend_from_slice(&__bytes);
                #(#parts)*
                __mw::Ok(())
            }
        }
    }
}

/// `View`: what came, written again with edits.
pub(super) fn rewrite(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let (id, id_slot) = (&frame.id().ty, idents::slot(frame.id()));
    let regions = frame.parts().map(|(field, _)| {
        let region = idents::region(field);
        let value = edited(frame, field);
        quote!(let #region = #value;)
    });
    let lengths = lengths(frame);
    let parts = frame.parts().map(|(field, _)| {
        let region = idents::region(field);
        quote!(__out.extend_from_slice(#region);)
    });
    let header_region = frame.headers().map(|field| {
        let name = &field.ident;
        quote!(self.#name)
    });
    let header_region = header_region.unwrap_or_else(|| quote!(&[]));
    quote! {
        #[automatically_derived]
        impl __mw::View for #view<'_> {
            #[inline]
            fn raw(&self) -> &[__mw::u8] {
                self.__raw
            }
            #[inline]
            fn header_region(&self) -> &[__mw::u8] {
                #header_region
            }
            #[inline]
            fn rewrite(
                &self,
                __edits: &__mw::Edits<'_>,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::Error> {
                if __edits.is_id_only() {
                    return __mw::pass_on::<#id>(self.__raw, #id_slot, __edits.id, __out);
                }
                self.__edited(__edits, __out)
            }
        }

        impl #view<'_> {
            fn __edited(
                &self,
                __edits: &__mw::Edits<'_>,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::Error> {
                let mut __bytes = *self.__head;
                let __head = &mut __bytes;
                __mw::put_id::<#id>(__head, #id_slot, __edits.id)?;
                #(#regions)*
                #lengths
                __out.reserve(__total);
                __out.extend_from_slice(__head);
                #(#parts)*
                __mw::Ok(())
            }
        }
    }
}

/// A part as it came, or what shall stand in its place.
fn edited(frame: &Checked<Frame>, part: &Field) -> TokenStream {
    let name = &part.ident;
    let is = |role: Option<&Field>| role.is_some_and(|field| field.ident == *name);
    if is(frame.headers()) {
        let slot = idents::slot(part);
        quote!(&*__mw::header_region(self.#name, #slot, __edits.headers))
    } else if is(frame.body()) {
        quote!(__edits.body.unwrap_or(self.#name))
    } else {
        quote!(self.#name)
    }
}

/// The fixed header of the struct and the size of the whole.
fn head(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let fixed = frame.fixed().map(|(field, fixed)| put(field, fixed));
    let regions = frame.parts().map(|(field, _)| {
        let (name, region) = (&field.ident, idents::region(field));
        quote!(let #region = __mw::Part::region(&__frame.#name);)
    });
    let types = frame.lengths().map(|(field, length)| {
        // Only the name of the type was looked at so far.
        let (name, int) = (&field.ident, &length.int.ident);
        quote!(let _: __mw::Len<#int> = __frame.#name;)
    });
    let lengths = lengths(frame);
    quote! {
        // Out of line, what it writes would go through memory twice.
        #[allow(clippy::inline_always)]
        #[inline(always)]
        fn __head(
            __frame: &#ident,
            __head: &mut [__mw::u8; __FIXED],
        ) -> __mw::Result<__mw::usize, __mw::Error> {
            #(#fixed)*
            #(#types)*
            #(#regions)*
            #lengths
            __mw::Ok(__total)
        }
    }
}

fn put(field: &Field, fixed: &Fixed) -> TokenStream {
    let (name, ty, slot) = (&field.ident, &field.ty, idents::slot(field));
    match &fixed.value {
        Value::Any | Value::Default(_) => {
            quote!(__mw::put::<#ty>(__head, #slot, &__frame.#name);)
        }
        Value::Magic(given) => {
            let value = &given.value;
            quote!(__mw::put_magic::<#ty>(__head, #slot, &__frame.#name, &(#value))?;)
        }
        Value::Tag(given) => {
            let values = &given.value;
            quote!(__mw::put_tag::<#ty>(__head, #slot, &__frame.#name, &[#(#values),*])?;)
        }
    }
}

/// Every length from the region of its part, added up to the size of the whole.
fn lengths(frame: &Checked<Frame>) -> TokenStream {
    let puts = frame.measured().map(|measured| {
        let (int, part) = (measured.int(), idents::slot(measured.part));
        let region = idents::region(measured.part);
        quote!(__lengths.put::<#int>(__head, #part, #region);)
    });
    let puts: Vec<TokenStream> = puts.collect();
    if puts.is_empty() {
        return quote!(let __total = __FIXED;);
    }
    let last = frame.fields.last().unwrap_or(frame.id());
    let last = idents::slot(last);
    quote! {
        let mut __lengths = __mw::Lengths::new(__FIXED);
        #(#puts)*
        let __total = __lengths.total(#last, __MAX)?;
    }
}

/// A setter does nothing where the frame has no such role.
fn setters(frame: &Checked<Frame>) -> TokenStream {
    let (id, id_slot) = (&frame.id().ident, idents::slot(frame.id()));
    let (status_arg, set_status) = match frame.status() {
        Some(field) => {
            let (name, slot) = (&field.ident, idents::slot(field));
            (
                quote!(__status),
                quote!(self.#name = __mw::narrow_code(#slot, __status)?;),
            )
        }
        None => (quote!(_), TokenStream::new()),
    };
    let (headers_arg, set_headers) = assign(frame.headers(), &quote!(__headers));
    let (body_arg, set_body) = assign(frame.body(), &quote!(__body));
    quote! {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<(), __mw::Error> {
            self.#id = __mw::narrow_id(#id_slot, __id)?;
            __mw::Ok(())
        }
        fn set_status(&mut self, #status_arg: __mw::i64) -> __mw::Result<(), __mw::Error> {
            #set_status
            __mw::Ok(())
        }
        fn set_headers(&mut self, #headers_arg: __mw::HeaderMap) {
            #set_headers
        }
        fn set_body(&mut self, #body_arg: __mw::Bytes) {
            #set_body
        }
    }
}

fn assign(part: Option<&Field>, value: &TokenStream) -> (TokenStream, TokenStream) {
    match part {
        Some(field) => {
            let name = &field.ident;
            (value.clone(), quote!(self.#name = #value;))
        }
        None => (quote!(_), TokenStream::new()),
    }
}
