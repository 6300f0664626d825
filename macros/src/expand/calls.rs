//! Calls of what depends on a type of the author, and where errors about them are.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::model::field::Field;
use crate::names;

/// Items that are not visible, with the runtime's private module in scope.
pub(super) fn hidden(
    krate: Option<&Path>,
    items: impl IntoIterator<Item = TokenStream>,
) -> TokenStream {
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
pub(super) fn wire(field: &Field, what: &str) -> TokenStream {
    let (ty, span) = (&field.ty, place(&field.ty));
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#ty as __mw::Wire>::#what)
}

/// A function of that trait that takes a value of the field. Of an integer the type follows from the value.
pub(super) fn wire_fn(field: &Field, what: &str) -> TokenStream {
    if field.shape.int().is_none() {
        return wire(field, what);
    }
    let span = place(&field.ty);
    let what = Ident::new(what, span);
    quote_spanned!(span=> __mw::Wire::#what)
}

/// The same for a field that is a number or a code.
pub(super) fn coded(field: &Field, what: &str) -> TokenStream {
    let (ty, span) = (&field.ty, place(&field.ty));
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#ty as __mw::Coded>::#what)
}

/// The same of the algorithm of a checksum, which is a type that accessors return, too: there the compiler
/// takes the author's span for another one than that of the expansion.
pub(super) fn summed(algorithm: &Type, what: &str) -> TokenStream {
    let span = algorithm.span();
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#algorithm as __mw::Summed>::#what)
}

/// The same of the payload codec of a part.
pub(super) fn codec_item(codec: &Type, what: &str) -> TokenStream {
    let span = place(codec);
    let what = Ident::new(what, span);
    quote_spanned!(span=> <#codec as __mw::PartCodec>::#what)
}

/// The same of a constant that stands alone: its errors are those of calls only if the type is at the same place.
pub(super) fn codec_const(codec: &Type, what: &str) -> TokenStream {
    let at = place(codec);
    let what = Ident::new(what, at);
    let codec = codec.to_token_stream().into_iter().map(|mut token| {
        token.set_span(at);
        token
    });
    let codec: TokenStream = codec.collect();
    quote_spanned!(at=> <#codec as __mw::PartCodec>::#what)
}

/// A call of that, all of it at the type: the compiler looks at the arguments, too.
pub(super) fn codec_call(codec: &Type, what: &str, args: &TokenStream) -> TokenStream {
    let call = codec_item(codec, what);
    quote_spanned!(place(codec)=> #call(#args))
}

/// The user's tokens as if they were at another place, where an error about them belongs.
pub(super) fn located(tokens: TokenStream, at: Span) -> TokenStream {
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
pub(super) fn place(tokens: &impl ToTokens) -> Span {
    Span::call_site().located_at(tokens.span())
}
