//! Frames that are put together of their pieces: with fields behind parts, lengths over several fields,
//! checksums, fields among the headers, or parts in a language of their own.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::encode::{check, last, regions};
use super::scan::unit;
use super::setters::setters;
use super::{idents, place};
use crate::attrs::field::Role;
use crate::check::Checked;
use crate::model::field::{Field, Lift, Shape};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

/// The length fields with what they cover, inner ones before those around them.
fn lengths(frame: &Checked<Frame>) -> TokenStream {
    let mut all: Vec<_> = frame
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| match &field.shape {
            Shape::Length(length) => Some((index, field, length)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(_, _, length)| length.cover.last - length.cover.first);
    let lengths = all.into_iter().map(|(index, field, length)| {
        let (int, slot, item) = (
            &length.int.ty,
            idents::slot(field),
            frame.plan.item_of(index),
        );
        let last = frame.plan.end_of(index, length.cover.last);
        let (cover, unit) = (cover(frame, length.cover.first, last), unit(length));
        quote!(__mw::Length::of::<#int>(#item, #slot, #cover, #unit))
    });
    quote!(const { &[#(#lengths),*] })
}

/// The checksums with what they cover.
fn checks(frame: &Checked<Frame>) -> TokenStream {
    let checks = frame.fields.iter().enumerate();
    let checks = checks.filter_map(|(index, field)| {
        let Shape::Check(check) = &field.shape else {
            return None;
        };
        let (algorithm, slot, item) = (
            &check.algorithm,
            idents::slot(field),
            frame.plan.item_of(index),
        );
        let last = frame.plan.item_of(check.cover.last);
        let cover = cover(frame, check.cover.first, last);
        Some(quote!(__mw::CheckAt::of::<#algorithm>(#item, #slot, #cover)))
    });
    quote!(const { &[#(#checks),*] })
}

/// From a field to the end of an item.
fn cover(frame: &Checked<Frame>, first: usize, last: usize) -> TokenStream {
    let skip = skip(frame, first);
    let first = frame.plan.item_of(first);
    quote!(__mw::Cover { first: #first, skip: #skip, last: #last })
}

/// Bytes of a field's item that are before it.
fn skip(frame: &Checked<Frame>, field: usize) -> TokenStream {
    let field = &frame.fields[field];
    if field.part().is_some() {
        quote!(0)
    } else {
        let slot = idents::slot(field);
        quote!(#slot.at)
    }
}

/// The zeros behind what a length covers, whose pieces have these bytes.
fn padding(
    frame: &Checked<Frame>,
    length: usize,
    bytes: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    let Shape::Length(shape) = &frame.fields[length].shape else {
        return TokenStream::new();
    };
    let plan = &frame.plan;
    let (first, last) = (
        plan.item_of(shape.cover.first),
        plan.item_of(shape.cover.last),
    );
    let pieces = plan.items[first..=last].iter().map(bytes);
    let (skip, unit) = (skip(frame, shape.cover.first), unit(shape));
    quote!(__mw::Item::run(__mw::padding(&[#(#pieces),*], #skip, #unit)))
}

/// Where the id stands, if it is a number in a field.
fn ids(frame: &Checked<Frame>) -> TokenStream {
    let fields = frame.fields.iter().enumerate();
    let ids = fields.filter_map(|(index, field)| {
        let fixed = field.fixed()?;
        let own = field.has_role(Role::Id) && fixed.int.is_some();
        (own || fixed.id_copy.is_some()).then(|| {
            let (ty, slot, item) = (&field.ty, idents::slot(field), frame.plan.item_of(index));
            quote!(__mw::IdPlace::of::<#ty>(#item, #slot))
        })
    });
    quote!(const { &[#(#ids),*] })
}

/// The frame as its pieces, with another id and other values in fixed fields.
pub(super) fn pieces(
    frame: &Checked<Frame>,
    items: &[TokenStream],
    id: &TokenStream,
    patches: &[TokenStream],
) -> TokenStream {
    let (last, lengths, checks, ids) = (last(frame), lengths(frame), checks(frame), ids(frame));
    quote! {
        __mw::Rewrite {
            max: __MAX,
            last: #last,
            items: &[#(#items),*],
            lengths: #lengths,
            checks: #checks,
            ids: #ids,
            id: #id,
            patches: &[#(#patches),*],
        }
    }
}

/// `View`: what came, written again with edits.
pub(super) fn rewrite(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let header_block = header_block(frame);
    let fields = frame.fields.iter().enumerate();
    let lifts = fields.filter_map(|(index, field)| {
        let lift = field.lift.as_ref()?;
        Some(lifted(frame, index, field, lift))
    });
    let headers = headers(frame);
    let opaque = opaque_id(frame);
    let edits = frame.parts().filter_map(|(part, _)| {
        let (edit, value) = (idents::region(part), edited(frame, part)?);
        Some(quote!(let #edit = #value;))
    });
    let items: Vec<_> = frame
        .plan
        .items
        .iter()
        .map(|item| match item {
            Item::Run(_) => {
                let run = kept(frame, item);
                quote!(__mw::Item::run(#run))
            }
            Item::Part(index) => {
                let (slot, part) = (idents::slot(&frame.fields[*index]), kept(frame, item));
                quote!(__mw::Item::part(#slot, #part))
            }
            Item::Padding(length) => padding(frame, *length, |item| kept(frame, item)),
        })
        .collect();
    let write = pieces(frame, &items, &quote!(__edits.id), &patches(frame));
    quote! {
        #[automatically_derived]
        impl __mw::View for #view<'_> {
            #[inline]
            fn raw(&self) -> &[__mw::u8] {
                self.__raw
            }
            #[inline]
            fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
                #header_block
            }
            fn rewrite(
                &self,
                __edits: &__mw::Edits<'_>,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::Error> {
                let __view = self;
                #headers
                #(#lifts)*
                #opaque
                #(#edits)*
                #write.write(__out)
            }
        }
    }
}

/// The bytes of a piece of a kept frame, as it came or with what shall stand in its place.
fn kept(frame: &Checked<Frame>, item: &Item) -> TokenStream {
    match item {
        Item::Run(run) => {
            let run = idents::run(run);
            quote!(&__view.#run[..])
        }
        Item::Part(index) => {
            let part = &frame.fields[*index];
            let (name, edit) = (&part.ident, idents::region(part));
            edited(frame, part).map_or_else(
                || quote!(__view.#name),
                |_| quote!(#edit.as_deref().unwrap_or(__view.#name)),
            )
        }
        Item::Padding(_) => quote!(&[]),
    }
}

/// The bytes of a piece of an owned frame.
fn made(frame: &Checked<Frame>, item: &Item) -> TokenStream {
    match item {
        Item::Run(run) => {
            let run = idents::run(run);
            quote!(&#run[..])
        }
        Item::Part(index) => {
            let region = idents::region(&frame.fields[*index]);
            quote!(#region)
        }
        Item::Padding(_) => quote!(&[]),
    }
}

/// The headers as a block, where they lie there as one and are all that the host sees.
fn header_block(frame: &Checked<Frame>) -> TokenStream {
    let lifted = frame.fields.iter().any(|field| field.lift.is_some());
    match frame.headers() {
        Some(headers) if !lifted && headers.format().is_none() && headers.dialect().is_none() => {
            let name = &headers.ident;
            quote!(__mw::Some(self.#name))
        }
        None if !lifted => quote!(__mw::Some(&[])),
        _ => quote!(__mw::None),
    }
}

/// What the headers want in the place of a field.
fn lifted(frame: &Checked<Frame>, index: usize, field: &Field, lift: &Lift) -> TokenStream {
    let (local, slot, name) = (idents::lift(field), idents::slot(field), &field.ident);
    let (key, read_only) = (&lift.key.value, lift.read_only);
    let Some(fixed) = field.fixed() else {
        return quote! {
            let #local = __mw::lifted_text(__edits.headers, #key, __view.#name, #slot, #read_only)?;
        };
    };
    let (ty, run) = (&field.ty, idents::run(frame.plan.run_of(index)));
    let came = if fixed.int.is_some() {
        quote!(__view.#name())
    } else {
        quote!(__view.#name()?)
    };
    quote! {
        let #local = __mw::lifted_bytes::<#ty>(
            __edits.headers, #key, &#came, __view.#run, #slot, #read_only,
        )?;
    }
}

/// The id where it is no number.
fn opaque_id(frame: &Checked<Frame>) -> Option<TokenStream> {
    let id = frame.id();
    id.fixed().filter(|fixed| fixed.int.is_none())?;
    let (local, slot, ty) = (idents::lift(id), idents::slot(id), &id.ty);
    let run = idents::run(frame.plan.run_of(frame.roles.id));
    Some(quote! {
        let #local =
            __mw::opaque_bytes::<{ <#ty as __mw::Fixed>::SIZE }>(#slot, __view.#run, __edits)?;
    })
}

/// The headers that are no fields, as `__headers`.
fn headers(frame: &Checked<Frame>) -> TokenStream {
    let keys: Vec<_> = keys(frame).collect();
    match (frame.headers(), &keys[..]) {
        (None, _) => only_lifted(frame, &quote!(__edits.headers)).unwrap_or_default(),
        (Some(_), []) => quote!(let __headers = __edits.headers;),
        (Some(_), keys) => quote! {
            let __rest = __edits.headers.map(|__all| __mw::unlifted(__all, &[#(#keys),*]));
            let __headers = __rest.as_ref().map(__mw::HeaderMap::as_headers);
        },
    }
}

/// Where fields are all headers that there are, the refusal of others.
pub(super) fn only_lifted(frame: &Checked<Frame>, headers: &TokenStream) -> Option<TokenStream> {
    let first = frame.fields.iter().find(|field| field.lift.is_some())?;
    let (slot, keys) = (idents::slot(first), keys(frame));
    let all = frame.headers().is_none();
    all.then(|| quote!(__mw::only_lifted(#headers, &[#(#keys),*], #slot)?;))
}

/// The names of the fields among the headers.
fn keys(frame: &Checked<Frame>) -> impl Iterator<Item = &syn::LitStr> {
    let lifts = frame.fields.iter().filter_map(|field| field.lift.as_ref());
    lifts.map(|lift| &lift.key.value)
}

/// What shall stand in the place of a part, if anything can.
fn edited(frame: &Checked<Frame>, part: &Field) -> Option<TokenStream> {
    let (name, slot) = (&part.ident, idents::slot(part));
    if let Some(dialect) = part.dialect() {
        let told = idents::told(part);
        let role = |role: Role, value: TokenStream| {
            if part.has_role(role) {
                value
            } else {
                quote!(__mw::None)
            }
        };
        let id = role(Role::Id, quote!(__mw::ids(__edits)));
        let headers = role(Role::Headers, quote!(__headers));
        let body = role(Role::Body, quote!(__edits.body));
        let call = quote_spanned!(place(dialect)=> __mw::retold::<#dialect>);
        return Some(quote! {
            #call(
                __view.__raw,
                __view.#name,
                #slot,
                &__view.#told,
                &__mw::Retell { id: #id, status: __mw::None, headers: #headers, body: #body },
            )?
        });
    }
    let is = |role: Option<&Field>| role.is_some_and(|field| field.ident == *name);
    if is(frame.headers()) {
        Some(if part.format().is_some() {
            let format = idents::format(part);
            quote!(#format.edit(__view.__raw, __view.#name, #slot, __headers)?)
        } else {
            quote!(__mw::header_edit(__view.#name, #slot, __headers))
        })
    } else if is(frame.body()) {
        Some(quote!(__edits.body))
    } else {
        part.lift.as_ref().map(|_| {
            let lift = idents::lift(part);
            quote!(#lift)
        })
    }
}

/// The id where it is no number, and the fields among the headers.
fn patches(frame: &Checked<Frame>) -> Vec<TokenStream> {
    let fields = frame.fields.iter().enumerate();
    let patches = fields.filter_map(|(index, field)| {
        let fixed = field.fixed()?;
        let (slot, item) = (idents::slot(field), frame.plan.item_of(index));
        let bytes = idents::lift(field);
        if field.has_role(Role::Id) && fixed.int.is_none() {
            let bytes = quote!(#bytes.as_ref().map(|__id| &__id[..]));
            Some(quote!(__mw::Patch::new(#item, #slot, #bytes)))
        } else {
            field.lift.as_ref()?;
            Some(quote!(__mw::Patch::new(#item, #slot, #bytes.as_deref())))
        }
    });
    patches.collect()
}

/// `Message` of the struct: its pieces, and what is made of them.
pub(super) fn message(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let checks = frame.fixed().map(|(field, fixed)| check(field, fixed));
    let regions = regions(frame, &quote!(__frame));
    let runs = frame.plan.runs().map(|run| run_of_struct(frame, run));
    let items: Vec<_> = frame
        .plan
        .items
        .iter()
        .map(|item| match item {
            Item::Run(_) => {
                let run = made(frame, item);
                quote!(__mw::Item::run(#run))
            }
            Item::Part(index) => {
                let (slot, part) = (idents::slot(&frame.fields[*index]), made(frame, item));
                quote!(__mw::Item::part(#slot, #part))
            }
            Item::Padding(length) => padding(frame, *length, |item| made(frame, item)),
        })
        .collect();
    let write = pieces(frame, &items, &quote!(__mw::None), &[]);
    let setters = setters(frame);
    quote! {
        /// The pieces of a frame that keeps to its declaration.
        fn __assembled<__T>(
            __frame: &#ident,
            __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T, __mw::Error>,
        ) -> __mw::Result<__T, __mw::Error> {
            #(#checks)*
            #regions
            #(#runs)*
            __then(&#write)
        }

        #[automatically_derived]
        impl __mw::Message for #ident {
            #setters
            fn encoded_len(&self) -> __mw::Result<__mw::usize, __mw::Error> {
                __assembled(self, |__pieces| __pieces.measure())
            }
            fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<(), __mw::Error> {
                __assembled(self, |__pieces| __pieces.write(__out))
            }
        }
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
        let (ty, member, slot) = (&field.ty, &field.ident, idents::slot(field));
        Some(quote!(__mw::put::<#ty>(&mut #name, #slot, &__frame.#member);))
    });
    let types = fields.iter().filter_map(|field| {
        let member = &field.ident;
        // Only the name of the type was looked at so far.
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
    let there = run.conditional.then(|| {
        let present = present(frame, fields[0]);
        quote! {
            let #name: &[__mw::u8] = if #present { &#name } else { &[] };
        }
    });
    let puts: TokenStream = puts.collect();
    let mutable = (!puts.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable #name = [0; #size];
        #puts
        #(#types)*
        #there
    }
}

/// Whether a field that is not in every frame is in this one.
fn present(frame: &Checked<Frame>, field: &Field) -> TokenStream {
    let all = field.when.iter().flat_map(|given| &given.value);
    let all = all.map(|constraint| {
        let other = &frame.fields[constraint.field];
        let (ty, name) = (&other.ty, &other.ident);
        let values = constraint.values.iter();
        let any = values.map(|value| quote!(__mw::same::<#ty>(&__frame.#name, &(#value))));
        quote!((#(#any)||*))
    });
    quote!(#(#all)&&*)
}
