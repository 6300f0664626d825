//! Checked models to tokens. Nothing here can fail.
//!
//! All runtime work is one call per field into `__private`, which every expansion imports as `__mw`.
//! Names of its own start with `__`, so that no name of the user is in the way.

mod assemble;
mod codes;
mod command;
mod decode;
mod edits;
mod encode;
pub(crate) mod fallback;
mod frame;
mod idents;
mod inputs;
mod kinds;
mod layout;
mod pieces;
mod protocol;
mod scan;
mod setters;
mod slots;
mod values;
mod varints;
mod view;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::check::Checked;
use crate::model::codes::Codes;
use crate::model::field::Field;
use crate::model::frame::Frame;
use crate::model::protocol::Protocol;
use crate::names;

pub(crate) fn frame(frame: &Checked<Frame>) -> TokenStream {
    let view = view::item(frame);
    let (rewrite, message) = if frame.is_plain() {
        (encode::rewrite(frame), encode::message(frame))
    } else {
        (edits::rewrite(frame), assemble::message(frame))
    };
    let hidden = hidden(
        frame.krate.as_ref(),
        [
            slots::consts(frame),
            inputs::types(frame),
            values::consts(frame),
            view::accessors(frame),
            view::regions(frame),
            command::of_view(frame),
            rewrite,
            command::of_struct(frame),
            message,
            frame::default(frame),
            frame::frame(frame),
        ],
    );
    quote! { #view #hidden }
}

pub(crate) fn codes(codes: &Checked<Codes>) -> TokenStream {
    hidden(codes.krate.as_ref(), [codes::fixed(codes)])
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

/// Items that nobody sees, with the runtime's private module in scope.
fn hidden(krate: Option<&Path>, items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let runtime = names::runtime(krate);
    let items = items.into_iter();
    quote! {
        const _: () = {
            use #runtime::__private as __mw;
            #(#items)*
        };
    }
}

/// What depends on the type of a fixed field: all of it is of one trait, and at one place, so that a type that
/// cannot be a field's is one error.
fn wire(field: &Field, what: &str) -> TokenStream {
    let (ty, span) = (&field.ty, place(&field.ty));
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#ty as __mw::Wire>::#what)
}

/// The same for a field that is a number or a code.
fn coded(field: &Field, what: &str) -> TokenStream {
    let (ty, span) = (&field.ty, place(&field.ty));
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#ty as __mw::Coded>::#what)
}

/// The same of the algorithm of a checksum, which is a type that accessors return, too: there the compiler
/// takes the author's span for another one than that of the expansion.
fn summed(algorithm: &Type, what: &str) -> TokenStream {
    let span = algorithm.span();
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#algorithm as __mw::Summed>::#what)
}

/// The same of the language of its own that a part is written in.
fn tells(dialect: &Type, what: &str) -> TokenStream {
    let span = place(dialect);
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#dialect as __mw::Tells>::#what)
}

/// A call of that, all of it at the type: the compiler looks at the arguments, too.
fn told_by(dialect: &Type, what: &str, args: &TokenStream) -> TokenStream {
    let call = tells(dialect, what);
    quote_spanned!(place(dialect)=> #call(#args))
}

/// The user's tokens as if they were at another place, where an error about them belongs.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        let span = at.resolved_at(token.span());
        if let TokenTree::Group(group) = &token {
            let inner = located(group.stream(), at);
            token = TokenTree::Group(Group::new(group.delimiter(), inner));
        }
        token.set_span(span);
        token
    });
    tokens.collect()
}

/// The place of the user's tokens, for errors of the compiler, with names resolved as everywhere in
/// the expansion.
fn place(tokens: &impl ToTokens) -> Span {
    Span::call_site().located_at(tokens.span())
}
