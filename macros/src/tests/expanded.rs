//! Items of a file, each as the macro sees it that it is for.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::pipeline::{self, Outcome};

/// What a macro makes of an item, if it is for one.
pub(super) fn expanded(item: &Item) -> Option<Outcome> {
    let attrs = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        _ => return None,
    };
    if let Some(args) = attrs.iter().find_map(protocol) {
        return Some(pipeline::protocol(args, item.to_token_stream()));
    }
    if attrs.iter().any(|attr| derives(attr, "Frame")) {
        return Some(pipeline::frame(item.to_token_stream()));
    }
    let derived = attrs.iter().any(|attr| derives(attr, "Record"));
    derived.then(|| pipeline::record(item.to_token_stream()))
}

fn derives(attr: &Attribute, name: &str) -> bool {
    let Meta::List(list) = &attr.meta else {
        return false;
    };
    let mut tokens = list.tokens.clone().into_iter();
    list.path.is_ident("derive") && tokens.any(|token| token.to_string() == name)
}

fn protocol(attr: &Attribute) -> Option<TokenStream> {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("protocol") => Some(list.tokens.clone()),
        Meta::Path(path) if path.is_ident("protocol") => Some(TokenStream::new()),
        _ => None,
    }
}
