//! Stand-ins for a declaration with mistakes, so that the user sees only those.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{DeriveInput, ItemStruct};

pub(crate) fn frame(_: &DeriveInput) -> TokenStream {
    TokenStream::new()
}

pub(crate) fn codes(_: &DeriveInput) -> TokenStream {
    TokenStream::new()
}

pub(crate) fn protocol(item: &ItemStruct) -> TokenStream {
    item.to_token_stream()
}
