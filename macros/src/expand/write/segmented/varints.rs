//! Varints in a frame that is written. How many bytes they have is known before the frame is put together, so
//! they are made first: values from the front, and then lengths from the end, for a length covers only what
//! follows it.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::check::Checked;
use crate::expand::idents;
use crate::expand::slots::unit;
use crate::expand::write::pieces::{as_bytes, skip};
use crate::model::FieldRole;
use crate::model::field::{Field, Length, Shape};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

/// The varints of an owned frame, as locals that are named as runs are.
pub(in crate::expand) fn made(
    frame: &Checked<Frame>,
    piece: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    let values = varints(frame).map(|(run, field)| {
        let (name, member, int) = (
            idents::run(run),
            &field.ident,
            field.varint().map(|int| &int.ty),
        );
        if field.fixed().is_some() {
            quote!(let #name = __mw::varint(__frame.#member);)
        } else {
            // Only the name of the type was looked at so far.
            quote!(let _: __mw::Len<#int> = __frame.#member;)
        }
    });
    let lengths = lengths(frame, |_| quote!(&[]), piece);
    quote! { #(#values)* #lengths }
}

/// The varints of a kept frame that may change, as locals that are named as runs are.
pub(in crate::expand) fn kept(
    frame: &Checked<Frame>,
    id: &TokenStream,
    piece: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    let values = varints(frame).filter_map(|(run, field)| {
        let (name, slot, ty) = (idents::run(run), idents::slot(field), &field.ty);
        if field.has_role(FieldRole::Id) {
            Some(quote!(let #name = __mw::varint_id::<#ty>(__view.#name, #slot, #id)?;))
        } else {
            field.header.as_ref()?;
            let wanted = idents::header(field);
            Some(quote!(let #name = __mw::varint_kept(__view.#name, #wanted);))
        }
    });
    let came = |run: &Run| {
        let name = idents::run(run);
        quote!(__view.#name)
    };
    let lengths = lengths(frame, came, piece);
    quote! { #(#values)* #lengths }
}

/// Whether the bytes of a run are a varint's that may change in a kept frame.
pub(in crate::expand) fn changes(frame: &Checked<Frame>, run: &Run) -> bool {
    run.varint
        && run.fields.iter().any(|index| {
            let field = &frame.fields[*index];
            let length = matches!(field.shape, Shape::Length(_));
            length || field.has_role(FieldRole::Id) || field.header.is_some()
        })
}

/// The lengths of variable width, the last one first.
fn lengths(
    frame: &Checked<Frame>,
    came: impl Fn(&Run) -> TokenStream,
    piece: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    let lengths = varints(frame).filter_map(|(run, field)| match &field.shape {
        Shape::Length(length) => Some((run, field, length)),
        _ => None,
    });
    let mut lengths: Vec<_> = lengths.collect();
    lengths.reverse();
    let lengths = lengths.into_iter().map(|(run, field, length)| {
        let (name, ty, came) = (idents::run(run), &length.int.ty, came(run));
        let blamed = idents::slot(blamed(frame, field, length));
        let (first, last) = (length.cover.first, frame.plan.end_of(length.cover.last));
        let pieces = frame.plan.items[frame.plan.item_of(first)..=last].iter();
        let pieces = pieces.map(|item| (item, piece(item)));
        if let Some(null) = length.null() {
            let (null, pieces) = (
                Literal::i64_unsuffixed(null),
                pieces.map(|(_, piece)| piece),
            );
            return quote! {
                let #name = __mw::varint_len_or_null::<#ty>(#came, #blamed, #(#pieces)*, #null)?;
            };
        }
        let pieces = pieces.map(|(item, piece)| as_bytes(frame, item, piece));
        let (skip, unit) = (skip(frame, first), unit(length));
        quote! {
            let #name = __mw::varint_len::<#ty>(#came, #blamed, &[#(#pieces),*], #skip, #unit)?;
        }
    });
    lengths.collect()
}

/// What is too long if the length cannot say it: the part that it measures alone, or all that it covers.
fn blamed<'f>(frame: &'f Frame, field: &'f Field, length: &Length) -> &'f Field {
    let first = &frame.fields[length.cover.first];
    let own = first.part().and_then(|part| part.length);
    let is_own = own.is_some_and(|own| frame.fields[own].ident == field.ident);
    if is_own { first } else { field }
}

fn varints(frame: &Checked<Frame>) -> impl Iterator<Item = (&Run, &Field)> {
    let runs = frame.plan.runs().filter(|run| run.varint);
    runs.flat_map(move |run| {
        let fields = run.fields.iter();
        fields.map(move |index| (run, &frame.fields[*index]))
    })
}
