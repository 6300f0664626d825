//! Owned frames that are put together of their pieces: with fields after parts, varints, lengths over several
//! fields, checksums, fields among the headers, or parts with a payload codec.

use proc_macro2::TokenStream;
use quote::quote;

use super::varints;
use crate::check::Checked;
use crate::expand::calls::wire_fn;
use crate::expand::idents;
use crate::expand::values::present_in;
use crate::expand::write::owned::{after_check, kept_to, regions};
use crate::expand::write::pieces::{filler, pieces};
use crate::expand::write::setters::setters;
use crate::model::field::{Field, Shape};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

/// `Message` of the struct: its pieces, and what is made of them.
pub(in crate::expand) fn message(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let assembled = assembled(frame, |run| run_of_struct(frame, run));
    let setters = setters(frame);
    let methods = methods();
    quote! {
        #assembled

        #[automatically_derived]
        impl __mw::Message for #ident {
            #setters
            #(#methods)*
        }
    }
}

/// The function that puts a struct together, which its methods are over, where a run is made so.
pub(in crate::expand) fn assembled(
    frame: &Checked<Frame>,
    run: impl Fn(&Run) -> TokenStream,
) -> TokenStream {
    let ident = &frame.ident;
    let function = kept_to(frame);
    let regions = regions(frame, &quote!(__frame));
    let runs = frame.plan.runs().filter(|run| !run.varint);
    let runs = runs.map(run);
    let varints = varints::made(frame, |item| made(frame, item));
    let write = pieces(frame, |item| made(frame, item), &quote!(__mw::None), &[]);
    let checked = after_check(
        frame,
        &quote!(__frame),
        quote! {
            #regions
            #(#runs)*
            #varints
            __then(&#write)
        },
    );
    quote! {
        #function

        fn __assembled<__T>(
            __frame: &#ident,
            __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
        ) -> __mw::Result<__T> {
            #checked
        }
    }
}

/// The methods over the pieces.
pub(in crate::expand) fn methods() -> [TokenStream; 2] {
    [
        quote! {
            fn encoded_len(&self) -> __mw::Result<__mw::usize> {
                __assembled(self, |__pieces| __pieces.measure())
            }
        },
        quote! {
            fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
                __assembled(self, |__pieces| __pieces.write(__out))
            }
        },
    ]
}

/// The bytes of a piece of an owned frame.
fn made(frame: &Checked<Frame>, item: &Item) -> TokenStream {
    match item {
        Item::Run(run) => {
            let name = idents::run(run);
            if run.varint {
                quote!(#name.bytes())
            } else {
                quote!(&#name[..])
            }
        }
        Item::Part(index) => {
            let region = idents::region(&frame.fields[*index]);
            quote!(#region)
        }
        Item::Filler(kind) => filler(frame, *kind, |item| made(frame, item)),
    }
}

/// The bytes of a run, its lengths and checksums left at 0.
fn run_of_struct(frame: &Checked<Frame>, run: &Run) -> TokenStream {
    let (name, size) = (idents::run(run), idents::size(run));
    let fields: Vec<&Field> = run
        .fields
        .iter()
        .map(|index| &frame.fields[*index])
        .collect();
    let puts = fields.iter().filter_map(|field| {
        field.fixed()?;
        let put = wire_fn(field, "put");
        let (member, slot) = (&field.ident, idents::slot(field));
        Some(quote!(#put(&mut #name, #slot, &__frame.#member);))
    });
    let types = types(frame, run);
    let there = run.conditional.then(|| {
        let present = present_in(frame, fields[0], &quote!(__frame));
        quote! {
            let #name: &[__mw::u8] = if #present { &#name } else { &[] };
        }
    });
    let puts: TokenStream = puts.collect();
    let mutable = (!puts.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable #name = [0; #size];
        #puts
        #types
        #there
    }
}

/// That the lengths and checksums of a run are of the type that their name means: only that was looked at so far.
pub(in crate::expand) fn types(frame: &Checked<Frame>, run: &Run) -> TokenStream {
    let fields = run.fields.iter().map(|index| &frame.fields[*index]);
    let types = fields.filter_map(|field| {
        let member = &field.ident;
        match &field.shape {
            Shape::Length(length) => {
                let int = &length.int.ty;
                Some(quote!(let _: __mw::Len<#int> = __frame.#member;))
            }
            Shape::Check(check) => {
                let algorithm = &check.algorithm;
                Some(quote!(let _: __mw::Check<#algorithm> = __frame.#member;))
            }
            _ => None,
        }
    });
    types.collect()
}
