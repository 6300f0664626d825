//! Fields among the headers: which headers are fields, and which are left for the header map.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::LitStr;

use super::idents;
use crate::attrs::value::Form;
use crate::check::Checked;
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

/// Whether an edit of the field is a [`Wanted`]: it can be absent, or is not always a header.
pub(super) fn is_wanted(field: &Field) -> bool {
    let bytes = |part: &Part| part.nullable.is_some() || part.kind == PartKind::Bytes;
    field.header.is_some() && field.part().is_some_and(bytes)
}

/// The method of a `Wanted` that gives the piece to write.
pub(super) fn piece(part: &Field) -> Ident {
    format_ident!(
        "{}",
        if part.is_nullable() {
            "part_or_null"
        } else {
            "part"
        }
    )
}

/// A part that can be absent as it came, of `self`.
pub(super) fn came(part: &Field, borrowed: bool) -> TokenStream {
    let name = &part.ident;
    match (borrowed, part.is_nullable()) {
        (true, true) => quote!(self.#name),
        (true, false) => quote!(__mw::Some(self.#name)),
        (false, true) => quote!(__mw::part_region(&self.#name)),
        (false, false) => quote!(__mw::Some(__mw::Part::region(&self.#name))),
    }
}

/// How a part is a header: a `&'static PartHeader`.
pub(super) fn part_header(part: &Field, header: &HeaderField) -> TokenStream {
    let (name, read_only) = (&header.name.value, header.read_only);
    let optional = part.is_nullable();
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

/// Whether a header with the name of a field that is absent can be a pair of the map, too.
fn beside_map(frame: &Checked<Frame>, field: &Field) -> bool {
    frame.headers().is_some() && is_wanted(field)
}

/// Of each field that is absent, whether the headers with its name are all of the map, which then keeps them.
pub(super) fn of_map(frame: &Checked<Frame>, borrowed: bool, headers: &TokenStream) -> TokenStream {
    let fields = frame.fields.iter().filter(|field| beside_map(frame, field));
    let locals = fields.filter_map(|field| {
        let (local, came) = (idents::of_map(field), came(field, borrowed));
        let header = part_header(field, field.header.as_ref()?);
        Some(quote! {
            let #local = __mw::is_of_map(self, #header, #came, #headers);
        })
    });
    locals.collect()
}

/// The headers that can be about a field.
pub(super) fn own_headers(
    frame: &Checked<Frame>,
    field: &Field,
    headers: TokenStream,
) -> TokenStream {
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
