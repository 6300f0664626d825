//! Contiguous frames to bytes: the owned shape in full, the borrowed one with edits.
//!
//! In a contiguous frame everything fixed has its place, and nothing but lengths follows from other bytes, so
//! each field is written where it stays.

use proc_macro2::TokenStream;
use quote::quote;

use super::kept::{edited_fn, kept_bytes, unseen};
use super::owned::{after_check, regions};
use super::segmented::message as segmented;
use super::setters::setters;
use super::{kinds, pieces};
use crate::check::Checked;
use crate::expand::calls::wire_fn;
use crate::expand::idents;
use crate::model::field::Field;
use crate::model::frame::{Frame, Measured};
use crate::model::plan::{Item, Run};

/// `Message` of the struct, over a function that checks it. A plugin makes few frames of its own, and its size
/// counts, so there all of them are put together in one place.
pub(in crate::expand) fn message(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let setters = setters(frame);
    let (put, measure, encode) = (put(frame), measure(frame), encode(frame));
    let head = |run: &Run| {
        let (name, size) = (idents::run(run), idents::size(run));
        let types = segmented::types(frame, run);
        quote! {
            let mut #name = [0; #size];
            __put_values(__frame, &mut #name);
            #types
        }
    };
    let assembled = segmented::assembled(frame, head);
    quote! {
        #put
        #assembled

        #[automatically_derived]
        impl __mw::Message for #ident {
            #setters
            #measure
            #encode
        }
    }
}

/// The function that writes the values of a struct into its fixed part.
fn put(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let puts = frame.fixed().map(|(field, _)| {
        let (name, slot) = (&field.ident, idents::slot(field));
        let put = wire_fn(field, "put");
        quote!(#put(__head, #slot, &__frame.#name);)
    });
    quote! {
        #[inline]
        fn __put_values(__frame: &#ident, __head: &mut [__mw::u8; __FIXED]) {
            #(#puts)*
        }
    }
}

fn encode(frame: &Checked<Frame>) -> TokenStream {
    let lengths = frame.measured().map(|measured| {
        let (int, part) = (measured.int(), idents::slot(measured.part));
        let region = idents::region(measured.part);
        quote!(__mw::put_len::<#int>(__head, #part, #region);)
    });
    let regions = regions(frame, &quote!(self));
    let parts = frame.parts().map(|(field, _)| {
        let region = idents::region(field);
        quote!(__out.extend_from_slice(#region);)
    });
    quote! {
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.write(__out));
            }
            __out.reserve(__mw::Message::encoded_len(self)?);
            #regions
            if let __mw::Some(__head) = __mw::head::<__FIXED>(__out) {
                __put_values(self, __head);
                #(#lengths)*
            }
            #(#parts)*
            __mw::Ok(())
        }
    }
}

/// `View`: what came, written again with edits.
pub(in crate::expand) fn rewrite(frame: &Checked<Frame>) -> TokenStream {
    let (id, id_slot) = (&frame.id().ty, idents::slot(frame.id()));
    let edits = frame.parts().filter_map(|(part, _)| {
        let (edit, value) = (idents::region(part), edited(frame, part)?);
        Some(quote!(let #edit = #value;))
    });
    let (kind, written) = (kinds::kept(frame), written(frame));
    let [_, here, _] = unseen(frame);
    let kept_bytes = kept_bytes(
        frame,
        &quote!(#[inline]),
        &quote! {
            if __mw::is_id_only(__edits) {
                return __mw::pass_on::<#id>(self.__raw, #id_slot, __edits, __out);
            }
            self.__edited(__edits, #here __out)
        },
    );
    let edited = edited_fn(
        frame,
        &TokenStream::new(),
        &quote!(#(#edits)* #kind #written),
    );
    quote! {
        #edited

        #kept_bytes
    }
}

/// The call that writes a frame with edits.
fn written(frame: &Checked<Frame>) -> TokenStream {
    let (pieced, headers) = (pieced(frame), frame.headers().map(idents::region));
    // Most frames end with their body, and mostly nothing before it but the id is another one.
    let last = frame.measured().last();
    let tail = last.filter(|last| {
        let body = frame.body();
        body.is_some_and(|body| body.ident == last.part.ident)
    });
    match (tail.map(|last| tailed(frame, &last)), headers) {
        (None, _) => pieced,
        (Some(tailed), None) => tailed,
        (Some(tailed), Some(headers)) => quote! {
            if #headers.is_none() {
                #tailed
            } else {
                #pieced
            }
        },
    }
}

/// All up to the last part as it came but for the id.
fn tailed(frame: &Checked<Frame>, last: &Measured<'_>) -> TokenStream {
    let (id, id_slot) = (&frame.id().ty, idents::slot(frame.id()));
    let (part, int) = (last.part, last.int());
    let (name, edit) = (&part.ident, idents::region(part));
    let [_, _, before] = unseen(frame);
    quote! {
        __mw::Tail::of(__view.__raw, __view.#name, #id_slot, __SHAPE) #before
            .write::<#id, #int>(__edits.id, #edit, __out)
    }
}

/// Every part unchanged, or its replacement.
fn pieced(frame: &Checked<Frame>) -> TokenStream {
    let bytes = |item: &Item| {
        let Item::Part(index) = item else {
            return quote!(__view.__head);
        };
        let part = &frame.fields[*index];
        let (name, edit) = (&part.ident, idents::region(part));
        edited(frame, part).map_or_else(
            || quote!(__view.#name),
            |_| quote!(#edit.as_deref().unwrap_or(__view.#name)),
        )
    };
    let pieces = pieces::pieces(frame, bytes, &quote!(__edits.id), &[]);
    let [_, _, before] = unseen(frame);
    quote!(#pieces #before.write(__out))
}

/// The replacement of a part, if there can be one.
fn edited(frame: &Checked<Frame>, part: &Field) -> Option<TokenStream> {
    let name = &part.ident;
    let is = |role: Option<&Field>| role.is_some_and(|field| field.ident == *name);
    if is(frame.headers()) {
        let slot = idents::slot(part);
        Some(if part.format().is_some() {
            let format = idents::format(part);
            quote!(#format.edit(__view.__raw, __view.#name, #slot, __edits.headers)?)
        } else {
            quote!(__mw::header_edit(__view.#name, #slot, __edits.headers))
        })
    } else if is(frame.body()) {
        Some(quote!(__edits.body))
    } else {
        None
    }
}

/// The size of the struct on the wire, if it can be written.
fn measure(frame: &Checked<Frame>) -> TokenStream {
    let regions = regions(frame, &quote!(self));
    let total = total(frame);
    let checked = after_check(frame, &quote!(self), quote!(#regions #total));
    quote! {
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encoded_len(&self) -> __mw::Result<__mw::usize> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.measure());
            }
            #checked
        }
    }
}

/// Every length from the region of its part, added up to the size of the whole.
fn total(frame: &Checked<Frame>) -> TokenStream {
    let adds = frame.measured().map(|measured| {
        let (int, part) = (measured.int(), idents::slot(measured.part));
        let region = idents::region(measured.part);
        quote!(.add::<#int>(#part, #region))
    });
    let adds: TokenStream = adds.collect();
    if adds.is_empty() {
        return quote!(__mw::Ok(__FIXED));
    }
    quote! {
        match __mw::Total::new(__FIXED)#adds.within(__MAX) {
            __mw::Some(__total) => __mw::Ok(__total),
            __mw::None => __assembled(self, |__pieces| __pieces.misfit()),
        }
    }
}
