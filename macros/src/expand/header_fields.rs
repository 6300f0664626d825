//! Fields among the headers: which headers are fields, and which are left for the header map.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::idents;
use crate::check::Checked;
use crate::model::frame::Frame;

/// The headers that are not fields, as `__headers`.
pub(super) fn headers(frame: &Checked<Frame>) -> TokenStream {
    let keys: Vec<_> = keys(frame).collect();
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

/// The names of the fields among the headers.
fn keys(frame: &Checked<Frame>) -> impl Iterator<Item = &LitStr> {
    let fields = frame
        .fields
        .iter()
        .filter_map(|field| field.header.as_ref());
    fields.map(|header| &header.name.value)
}
