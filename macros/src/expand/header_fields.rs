//! Fields among the headers: which headers are fields, and which are left for the header map.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::idents;
use crate::attrs::value::Form;
use crate::check::Checked;
use crate::expand::values::{kept_is, owned_is, present_in};
use crate::model::constraint::Constraint;
use crate::model::field::{Field, HeaderField, Part, PartKind};
use crate::model::frame::Frame;

/// The headers that are not fields, as `__headers`.
pub(super) fn headers(frame: &Checked<Frame>) -> TokenStream {
    let fields = frame.fields.iter();
    let keys = fields.filter_map(|field| Some(key(frame, field, field.header.as_ref()?)));
    let keys: Vec<_> = keys.collect();
    match (frame.headers(), &keys[..]) {
        (None, _) => no_other_headers(frame, &quote!(__edits.headers)).unwrap_or_default(),
        (Some(_), []) => quote!(let __headers = __edits.headers;),
        (Some(_), keys) => quote! {
            let __rest = __edits.headers.map(|__all| __mw::other_headers(__all, &[#(#keys),*], self));
            let __headers = __rest.as_ref().map(__mw::HeaderMap::as_headers);
        },
    }
}

/// Where fields are all headers that there are, the refusal of others.
pub(super) fn no_other_headers(
    frame: &Checked<Frame>,
    headers: &TokenStream,
) -> Option<TokenStream> {
    let first = frame.fields.iter().find(|field| field.header.is_some())?;
    let (slot, keys) = (idents::slot(first), keys(frame));
    let all = frame.headers().is_none();
    all.then(|| quote!(__mw::no_other_headers(#headers, &[#(#keys),*], #slot)?;))
}

/// Whether an edit of the field is a `Wanted`: it can be absent, or is not always a header.
pub(super) fn is_wanted(field: &Field) -> bool {
    let bytes = |part: &Part| part.nullable.is_some() || part.kind == PartKind::Bytes;
    field.header.is_some() && (field.when.is_some() || field.part().is_some_and(bytes))
}

/// The method of a `Wanted` that gives the piece to write.
pub(super) fn piece(part: &Field) -> TokenStream {
    if part.is_nullable() {
        quote!(part_or_null)
    } else {
        quote!(part)
    }
}

/// Whether a field that is not in every frame is in `self`.
pub(super) fn there(frame: &Checked<Frame>, index: usize, borrowed: bool) -> TokenStream {
    if !borrowed {
        return present_in(frame, &frame.fields[index], &quote!(self));
    }
    let run = idents::run(frame.run_with(index));
    quote!(!self.#run.is_empty())
}

/// What a field of `self` that can be absent holds: an `Option`.
pub(super) fn came(frame: &Checked<Frame>, index: usize, borrowed: bool) -> TokenStream {
    let field = &frame.fields[index];
    let name = &field.ident;
    let fallible = field.fixed().is_some_and(|fixed| fixed.int.is_none());
    let value = match (borrowed, field.part().is_some()) {
        (true, true) => quote!(self.#name),
        (false, true) if field.is_nullable() => quote!(__mw::part_region(&self.#name)),
        (false, true) => quote!(__mw::Part::region(&self.#name)),
        (true, false) if fallible => quote!(self.#name()?),
        (true, false) => quote!(self.#name()),
        (false, false) => quote!(&self.#name),
    };
    // The value of a fixed field is read, and lives as long as the statement.
    let read = (borrowed && field.fixed().is_some()).then(|| quote!(.as_ref()));
    if field.when.is_some() {
        let there = there(frame, index, borrowed);
        quote!((if #there { __mw::Some(#value) } else { __mw::None })#read)
    } else if field.is_nullable() {
        value
    } else {
        quote!(__mw::Some(#value))
    }
}

/// Whether an edit can remove the field.
fn is_removable(frame: &Checked<Frame>, field: &Field) -> bool {
    field.is_nullable() || frame.flag_of(field).is_some()
}

/// How a part is a header: a `&'static PartHeader`.
pub(super) fn part_header(
    frame: &Checked<Frame>,
    part: &Field,
    header: &HeaderField,
) -> TokenStream {
    let (name, read_only) = (&header.name.value, header.read_only);
    let optional = is_removable(frame, part);
    let bytes = part.part().is_some_and(|part| part.kind == PartKind::Bytes);
    let form = match header.form {
        Some(Form::Hex) => quote!(Hex),
        None if bytes => quote!(Utf8),
        None => quote!(Text),
    };
    quote! {
        &__mw::PartHeader {
            name: #name, form: __mw::Form::#form, read_only: #read_only, optional: #optional,
        }
    }
}

/// The call that shows a field as a header, if it is there.
pub(super) fn shown(frame: &Checked<Frame>, index: usize, borrowed: bool) -> Option<TokenStream> {
    let field = &frame.fields[index];
    let header = field.header.as_ref()?;
    let came = came(frame, index, borrowed);
    if field.part().is_some() {
        let header = part_header(frame, field, header);
        return Some(quote!(__mw::part_to_header(__out, #header, #came);));
    }
    let (name, ty) = (&header.name.value, &field.ty);
    Some(quote! {
        if let __mw::Some(__value) = #came {
            __mw::to_header::<#ty>(__out, #name, __value);
        }
    })
}

/// What the headers want in the place of a field that can be absent: a local, a `Wanted`.
pub(super) fn wanted(
    frame: &Checked<Frame>,
    index: usize,
    borrowed: bool,
    headers: &TokenStream,
) -> Option<TokenStream> {
    let field = &frame.fields[index];
    let header = field.header.as_ref()?;
    let (local, slot) = (idents::header(field), idents::slot(field));
    let headers = own_headers(frame, field, headers.clone());
    let came = came(frame, index, borrowed);
    let wanted = if field.part().is_some() {
        let header = part_header(frame, field, header);
        quote!(__mw::part_from_header(#headers, #header, #came, #slot)?)
    } else {
        let (name, read_only, ty) = (&header.name.value, header.read_only, &field.ty);
        let optional = is_removable(frame, field);
        quote! {
            __mw::field_from_header::<#ty>(#headers, #name, #came, #slot, #read_only, #optional)?
        }
    };
    let stays = (field.when.is_some() && frame.flag_of(field).is_none()).then(|| {
        let there = there(frame, index, borrowed);
        quote!(#local.has_place(#there, #slot)?;)
    });
    Some(quote! {
        let #local = #wanted;
        #stays
    })
}

/// Of each flag, whether it changes: a local, an `Option<bool>`.
pub(super) fn flags(frame: &Checked<Frame>, borrowed: bool) -> TokenStream {
    let flags = frame.flags().map(|(flag, constraint)| {
        let local = idents::flag(&frame.fields[flag]);
        let came = any(frame, constraint, borrowed);
        let fields = frame.fields.iter().enumerate();
        let fields = fields
            .filter(|(_, field)| field.header.is_some() && frame.flag_of(field) == Some(flag));
        let fields = fields.map(|(index, field)| {
            let (wanted, slot) = (idents::header(field), idents::slot(field));
            let there = there(frame, index, borrowed);
            let others = others(frame, field, flag, borrowed);
            quote!((#wanted.is_there(#there), #others, #slot))
        });
        quote!(let #local = __mw::together(#came, &[#(#fields),*])?;)
    });
    flags.collect()
}

/// Whether `self` has one of the values of a condition.
fn any(frame: &Checked<Frame>, constraint: &Constraint, borrowed: bool) -> TokenStream {
    let values = constraint.values.iter().map(|value| {
        if borrowed {
            kept_is(frame, constraint.field, value)
        } else {
            owned_is(frame, constraint.field, value, &quote!(self))
        }
    });
    quote!((#(#values)||*))
}

/// Whether all that a field depends on but its flag has such values.
pub(super) fn others(
    frame: &Checked<Frame>,
    field: &Field,
    flag: usize,
    borrowed: bool,
) -> TokenStream {
    let conditions = field.when.iter().flat_map(|given| &given.value);
    let conditions = conditions.filter(|constraint| constraint.field != flag);
    let all: Vec<_> = conditions
        .map(|constraint| any(frame, constraint, borrowed))
        .collect();
    if all.is_empty() {
        quote!(true)
    } else {
        quote!(#(#all)&&*)
    }
}

/// Whether a header with the name of a field that is absent can be a pair of the map, too.
fn beside_map(frame: &Checked<Frame>, field: &Field) -> bool {
    frame.headers().is_some() && is_wanted(field)
}

/// Of each field that is absent, whether the headers with its name are all of the map, which then keeps them.
pub(super) fn of_map(frame: &Checked<Frame>, borrowed: bool, headers: &TokenStream) -> TokenStream {
    let fields = frame.fields.iter().enumerate();
    let fields = fields.filter(|(_, field)| beside_map(frame, field));
    let locals = fields.filter_map(|(index, field)| {
        let header = field.header.as_ref()?;
        let (local, name) = (idents::of_map(field), &header.name.value);
        let shown = if field.part().is_some() {
            let (header, came) = (
                part_header(frame, field, header),
                came(frame, index, borrowed),
            );
            quote!(__mw::is_shown(#header, #came))
        } else {
            there(frame, index, borrowed)
        };
        Some(quote! {
            let #local = __mw::is_of_map(self, #name, #shown, #headers);
        })
    });
    locals.collect()
}

/// The headers that can be about a field.
fn own_headers(frame: &Checked<Frame>, field: &Field, headers: TokenStream) -> TokenStream {
    if !beside_map(frame, field) {
        return headers;
    }
    let of_map = idents::of_map(field);
    quote!(#headers.filter(|_| !#of_map))
}

/// The name of a header that is a field, or none if those of that name are all of the map.
pub(super) fn key(frame: &Checked<Frame>, field: &Field, header: &HeaderField) -> TokenStream {
    let name = &header.name.value;
    if !beside_map(frame, field) {
        return quote!(#name);
    }
    let of_map = idents::of_map(field);
    quote!(if #of_map { "" } else { #name })
}

/// The names of the fields among the headers.
fn keys(frame: &Checked<Frame>) -> impl Iterator<Item = &LitStr> {
    let fields = frame
        .fields
        .iter()
        .filter_map(|field| field.header.as_ref());
    fields.map(|header| &header.name.value)
}
