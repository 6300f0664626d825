//! A kept frame that is put together of its pieces, with the changes that the host makes.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::varints;
use crate::check::Checked;
use crate::expand::calls::codec_call;
use crate::expand::header_fields::{self, headers};
use crate::expand::write::kept::{edited_fn, kept_bytes, unseen};
use crate::expand::write::kinds;
use crate::expand::write::pieces::{filler, pieces};
use crate::expand::{idents, inputs, values};
use crate::model::FieldRole;
use crate::model::field::{Field, HeaderField, Shape};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

/// `View`: what came, written again with edits.
pub(in crate::expand) fn rewrite(frame: &Checked<Frame>) -> TokenStream {
    let fields = frame.fields.iter().enumerate();
    let changes = fields.filter_map(|(index, field)| {
        let header = field.header.as_ref()?;
        Some(from_header(frame, index, field, header))
    });
    let flagged = flagged(frame);
    let of_map = header_fields::of_map(frame, true, &quote!(__edits.headers));
    let headers = headers(frame);
    let opaque = opaque_id(frame);
    let edits = frame.parts().filter_map(|(part, _)| {
        let (edit, value) = (idents::region(part), edited(frame, part)?);
        Some(quote!(let #edit = #value;))
    });
    let kind = kinds::kept(frame);
    let id = new_id(frame);
    let varints = varints::kept(frame, &id, |item| kept(frame, item));
    let write = pieces(frame, |item| kept(frame, item), &id, &patches(frame));
    let passed_on = passed_on(frame);
    let [_, here, before] = unseen(frame);
    let written = quote! {
        #passed_on
        self.__edited(__edits, #here __out)
    };
    // Of what an edit needs, nothing is on the stack of a frame that is passed on.
    let [inline, apart] = [
        quote!(#[inline]),
        quote!(#[cfg_attr(not(target_family = "wasm"), inline(never))]),
    ]
    .map(|attribute| passed_on.as_ref().map(|_| attribute).unwrap_or_default());
    let kept_bytes = kept_bytes(frame, &inline, &written);
    let edited = edited_fn(
        frame,
        &apart,
        &quote! {
            #of_map
            #headers
            #(#changes)*
            #flagged
            #opaque
            #(#edits)*
            #kind
            #varints
            #write #before.write(__out)
        },
    );
    quote!(#edited #kept_bytes)
}

/// A frame of which nothing changes but the id, where that is all there is to write: nothing is computed of it but lengths
/// of fixed width.
fn passed_on(frame: &Checked<Frame>) -> Option<TokenStream> {
    let is_check = |field: &Field| matches!(field.shape, Shape::Check(_));
    if frame.fields.iter().any(is_check) {
        return None;
    }
    let id = frame.id();
    let is_varint = id.varint().is_some();
    let written = if is_varint || id.codec().is_some() {
        let written = if is_varint {
            varint_passed_on(frame)?
        } else {
            part_passed_on(frame)?
        };
        quote! {
            #[cfg(not(target_family = "wasm"))]
            if #written {
                return __mw::Ok(());
            }
        }
    } else if id.fixed().is_some_and(|fixed| fixed.int.is_none()) {
        bytes_passed_on(frame)?
    } else {
        number_passed_on(frame)?
    };
    Some(quote! {
        if __mw::is_id_only(__edits) {
            #written
        }
    })
}

/// An id in a part.
fn part_passed_on(frame: &Checked<Frame>) -> Option<TokenStream> {
    let (id, item) = (frame.id(), resized_item(frame)?);
    let (name, slot, metadata) = (&id.ident, idents::slot(id), idents::metadata(id));
    let args = quote! {
        self.__raw, (self.#name, #slot, #item), &self.#metadata, __SHAPE, __edits, __out,
    };
    Some(codec_call(id.codec()?, "pass_on", &args))
}

/// An id of variable width.
fn varint_passed_on(frame: &Checked<Frame>) -> Option<TokenStream> {
    let (id, item) = (frame.id(), resized_item(frame)?);
    let run = frame.plan.run_of(frame.roles.id);
    if run.conditional || has_id_copy(frame) {
        return None;
    }
    let (ty, slot, run) = (&id.ty, idents::slot(id), idents::run(run));
    Some(quote! {
        __mw::pass_on_varint::<#ty>(
            self.__raw, (self.#run, #slot, #item), __SHAPE, __edits.id, __out,
        )?
    })
}

/// The item that an id is in, if lengths of variable width do not change with its size.
fn resized_item(frame: &Checked<Frame>) -> Option<Literal> {
    let is_around = |field: &Field| match &field.shape {
        Shape::Length(length) => length.int.is_varint() && length.cover.contains(frame.roles.id),
        _ => false,
    };
    let is_free = !frame.fields.iter().any(is_around);
    is_free.then(|| Literal::usize_unsuffixed(frame.plan.item_of(frame.roles.id)))
}

/// An id that is no number, of fixed width.
fn bytes_passed_on(frame: &Checked<Frame>) -> Option<TokenStream> {
    let (id, run) = (frame.id(), frame.plan.run_of(frame.roles.id));
    let (ty, slot, name) = (&id.ty, idents::slot(id), idents::run(run));
    let is_fixed = !run.conditional && !has_id_copy(frame);
    is_fixed.then(|| {
        quote! {
            let __id =
                __mw::opaque_bytes::<{ <#ty as __mw::Fixed>::SIZE }>(#slot, self.#name, __edits)?;
            __mw::pass_on_bytes(self.__raw, (&self.#name[..], #slot), __id, __out);
            return __mw::Ok(());
        }
    })
}

/// An id that is a number of fixed width, in all of its places.
fn number_passed_on(frame: &Checked<Frame>) -> Option<TokenStream> {
    let ids = frame.fields.iter().enumerate().filter(|(_, field)| {
        let is_copy = field.fixed().is_some_and(|fixed| fixed.id_copy.is_some());
        is_copy || field.has_role(FieldRole::Id)
    });
    let places = ids.map(|(index, field)| {
        let run = frame.plan.run_of(index);
        field.fixed().filter(|fixed| fixed.int.is_some())?;
        let is_fixed = field.varint().is_none() && !run.conditional;
        let (ty, slot, run) = (&field.ty, idents::slot(field), idents::run(run));
        is_fixed.then(|| quote!((&self.#run[..], __mw::IdPlace::of::<#ty>(0, #slot))))
    });
    let places: Vec<_> = places.collect::<Option<_>>()?;
    let id = new_id(frame);
    Some(quote! {
        return __mw::pass_on_ids(self.__raw, &[#(#places),*], #id, __out);
    })
}

fn has_id_copy(frame: &Checked<Frame>) -> bool {
    frame.fixed().any(|(_, fixed)| fixed.id_copy.is_some())
}

/// The id that shall be another one. A second place of it may hold something else before.
fn new_id(frame: &Checked<Frame>) -> TokenStream {
    if has_id_copy(frame) {
        quote!(__edits.id.filter(|__id| __mw::Command::id(self) != *__id))
    } else {
        quote!(__edits.id)
    }
}

/// The bytes of a piece of a kept frame, unchanged or with its replacement.
fn kept(frame: &Checked<Frame>, item: &Item) -> TokenStream {
    match item {
        Item::Run(run) => {
            let name = idents::run(run);
            if varints::changes(frame, run) {
                quote!(#name.bytes())
            } else if flag_of_run(frame, run).is_some() {
                quote!(#name)
            } else {
                quote!(&__view.#name[..])
            }
        }
        Item::Part(index) => {
            let part = &frame.fields[*index];
            let (name, edit) = (&part.ident, idents::region(part));
            if header_fields::is_wanted(part) {
                let piece = header_fields::piece(part);
                return quote!(#edit.#piece(__view.#name));
            }
            edited(frame, part).map_or_else(
                || quote!(__view.#name),
                |_| quote!(#edit.as_deref().unwrap_or(__view.#name)),
            )
        }
        Item::Filler(kind) => filler(frame, *kind, |item| kept(frame, item)),
    }
}

/// What the headers want in the place of a field.
fn from_header(
    frame: &Checked<Frame>,
    index: usize,
    field: &Field,
    header: &HeaderField,
) -> TokenStream {
    let (local, slot, name) = (idents::header(field), idents::slot(field), &field.ident);
    let (key, read_only) = (&header.name.value, header.read_only);
    if header_fields::is_wanted(field) {
        let wanted = header_fields::wanted(frame, index, true, &quote!(__edits.headers));
        return wanted.unwrap_or_default();
    }
    let Some(fixed) = field.fixed() else {
        return quote! {
            let #local = __mw::text_from_header(__edits.headers, #key, __view.#name, #slot, #read_only)?;
        };
    };
    let (ty, run) = (&field.ty, idents::run(frame.plan.run_of(index)));
    let came = if fixed.int.is_some() {
        quote!(__view.#name())
    } else {
        quote!(__view.#name()?)
    };
    if field.varint().is_some() {
        return quote! {
            let #local = __mw::from_header::<#ty>(__edits.headers, #key, &#came, #slot, #read_only)?;
        };
    }
    quote! {
        let #local = __mw::bytes_from_header::<#ty>(
            __edits.headers, #key, &#came, __view.#run, #slot, #read_only,
        )?;
    }
}

/// The flag with which the fields of a run come and go.
fn flag_of_run(frame: &Checked<Frame>, run: &Run) -> Option<usize> {
    let first = run.fields.first().filter(|_| run.conditional)?;
    frame.flag_of(&frame.fields[*first])
}

/// The flags that change, and the runs that come and go with them; and the values of fields that can be absent.
fn flagged(frame: &Checked<Frame>) -> TokenStream {
    let flags = header_fields::flags(frame, true);
    let bytes = frame.flags().map(|(index, constraint)| {
        let field = &frame.fields[index];
        let (local, slot, ty) = (idents::flag(field), idents::slot(field), &field.ty);
        let bytes = idents::header(field);
        let set = constraint
            .values
            .first()
            .map(|value| values::of(frame, field, value));
        quote!(let #bytes = __mw::flag_bytes::<#ty>(#local, &#set, #slot);)
    });
    let runs = frame.plan.runs().filter_map(|run| {
        let flag = flag_of_run(frame, run)?;
        let first = &frame.fields[*run.fields.first()?];
        let (name, size) = (idents::run(run), idents::size(run));
        let local = idents::flag(&frame.fields[flag]);
        let others = header_fields::others(frame, first, flag, true);
        Some(quote!(let #name = __mw::run_after(__view.#name, #local, #others, &[0; #size]);))
    });
    let fields = frame.fields.iter();
    let fields = fields.filter(|field| header_fields::is_wanted(field) && field.fixed().is_some());
    let fields = fields.map(|field| {
        let (local, slot) = (idents::header(field), idents::slot(field));
        quote!(let #local = #local.bytes(#slot);)
    });
    quote! { #flags #(#bytes)* #(#runs)* #(#fields)* }
}

/// The id where it is not a number.
fn opaque_id(frame: &Checked<Frame>) -> Option<TokenStream> {
    let id = frame.id();
    id.fixed().filter(|fixed| fixed.int.is_none())?;
    let (local, slot, ty) = (idents::header(id), idents::slot(id), &id.ty);
    let run = idents::run(frame.plan.run_of(frame.roles.id));
    Some(quote! {
        let #local =
            __mw::opaque_bytes::<{ <#ty as __mw::Fixed>::SIZE }>(#slot, __view.#run, __edits)?;
    })
}

/// The replacement of a part, if there can be one.
fn edited(frame: &Checked<Frame>, part: &Field) -> Option<TokenStream> {
    let (name, slot) = (&part.ident, idents::slot(part));
    if let Some(codec) = part.codec() {
        let metadata = idents::metadata(part);
        let inputs = inputs::kept(frame, part, |run| quote!(__view.#run))?;
        let role = |role: FieldRole, value: TokenStream| {
            if part.has_role(role) {
                value
            } else {
                quote!(__mw::None)
            }
        };
        let id = role(FieldRole::Id, quote!(__edits.id));
        let opaque = role(FieldRole::Id, quote!(__edits.opaque));
        let headers = role(FieldRole::Headers, quote!(__headers));
        let body = role(FieldRole::Body, quote!(__edits.body));
        let args = quote! {
            __view.__raw,
            __view.#name,
            #slot,
            &__view.#metadata,
            #inputs,
            &__mw::PayloadEdits { id: #id, opaque: #opaque, status: __mw::None, headers: #headers, body: #body, reason: __mw::None },
        };
        let call = codec_call(codec, "edited_payload", &args);
        return Some(quote!(#call?));
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
        part.header.as_ref().map(|_| {
            let header = idents::header(part);
            quote!(#header)
        })
    }
}

/// The id where it is not a number, and the fields among the headers.
fn patches(frame: &Checked<Frame>) -> Vec<TokenStream> {
    let fields = frame.fields.iter().enumerate();
    let patches = fields.filter_map(|(index, field)| {
        let fixed = field.fixed().filter(|_| field.varint().is_none())?;
        let (slot, item) = (idents::slot(field), frame.plan.item_of(index));
        let bytes = idents::header(field);
        if field.has_role(FieldRole::Id) && fixed.int.is_none() {
            let bytes = quote!(#bytes.as_ref().map(|__id| &__id[..]));
            Some(quote!(__mw::Patch::new(#item, #slot, #bytes)))
        } else {
            field
                .header
                .as_ref()
                .map(|header| &header.name.key)
                .or(fixed.flag.as_ref())?;
            Some(quote!(__mw::Patch::new(#item, #slot, #bytes.as_deref())))
        }
    });
    patches.collect()
}
