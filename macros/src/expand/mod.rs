//! Checked models to tokens. Nothing here can fail.
//!
//! All runtime work is one call per field into `__private`, which every expansion imports as `__mw`.
//! Names of its own start with `__`, so that no name of the user is in the way.

mod calls;
pub(crate) mod fallback;
mod header_fields;
mod idents;
mod impls;
mod inputs;
mod layout;
mod read;
mod slots;
mod values;
mod write;

use proc_macro2::TokenStream;
use quote::quote;

use crate::check::Checked;
use crate::model::codes::Codes;
use crate::model::entry::Entry;
use crate::model::frame::Frame;
use crate::model::protocol::Protocol;
use crate::model::record::{Record, Variants};
use calls::hidden;
use impls::{codes, command, entry, protocol, record};
use read::view;

pub(crate) fn frame(frame: &Checked<Frame>) -> TokenStream {
    let view = view::item(frame);
    let back_end = write::BackEnd::of(frame);
    let hidden = hidden(
        frame.krate.as_ref(),
        [
            slots::consts(frame),
            inputs::types(frame),
            values::consts(frame),
            write::shape(frame),
            view::accessors(frame),
            view::regions(frame),
            command::of_view(frame),
            back_end.rewrite(frame),
            command::of_struct(frame),
            back_end.message(frame),
            impls::frame::default(frame),
            impls::frame::frame(frame),
        ],
    );
    quote! { #view #hidden }
}

pub(crate) fn entry(entry: &Checked<Entry>) -> TokenStream {
    hidden(entry.krate.as_ref(), [entry::layout(entry)])
}

pub(crate) fn codes(codes: &Checked<Codes>) -> TokenStream {
    hidden(codes.krate.as_ref(), [codes::fixed(codes)])
}

pub(crate) fn record(record: &Checked<Record>) -> TokenStream {
    hidden(
        record.krate.as_ref(),
        [record::table(record), record::codec(record)],
    )
}

pub(crate) fn variants(variants: &Checked<Variants>) -> TokenStream {
    hidden(variants.krate.as_ref(), [record::variants(variants)])
}

pub(crate) fn protocol(protocol: &Checked<Protocol>) -> TokenStream {
    let item = &protocol.item;
    let frames = protocol::frames(protocol.krate.as_ref(), item, &protocol.frames.value);
    let hidden = hidden(
        protocol.krate.as_ref(),
        [
            protocol::protocol(protocol),
            protocol::each(protocol),
            protocol::keep_alive(protocol),
            protocol::hijacker(protocol),
            protocol::callee(protocol),
            protocol::options(protocol),
        ],
    );
    let export = protocol::export(protocol);
    quote! { #item #frames #hidden #export }
}
