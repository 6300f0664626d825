//! Checked models to tokens. Nothing here can fail.

pub(crate) mod fallback;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::check::Checked;
use crate::model::codes::Codes;
use crate::model::frame::Frame;
use crate::model::protocol::Protocol;

pub(crate) fn frame(_: &Checked<Frame>) -> TokenStream {
    TokenStream::new()
}

pub(crate) fn codes(_: &Checked<Codes>) -> TokenStream {
    TokenStream::new()
}

pub(crate) fn protocol(protocol: &Checked<Protocol>) -> TokenStream {
    protocol.item.to_token_stream()
}
