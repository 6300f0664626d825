//! `View`: the bytes that came, and how they are written again.

use proc_macro2::TokenStream;
use quote::quote;

use crate::check::Checked;
use crate::expand::calls::codec_call;
use crate::expand::read::head;
use crate::expand::{idents, inputs};
use crate::model::frame::Frame;

/// `View`: the bytes that came, and how they are written again with edits.
pub(in crate::expand) fn kept_bytes(
    frame: &Checked<Frame>,
    inline: &TokenStream,
    rewrite: &TokenStream,
) -> TokenStream {
    let view = idents::view(&frame.ident);
    let header_block = header_block(frame);
    let (id_places, rewrite_head) = (head::id_places(frame), head::rewrite(frame));
    let verbatim = frame.verbatim.as_ref().map(|_| {
        quote! {
            if __mw::Command::is_verbatim(self) {
                __out.extend_from_slice(self.__raw);
                return __mw::Ok(());
            }
        }
    });
    let doubt = doubt(frame);
    quote! {
        #[automatically_derived]
        impl __mw::View for #view<'_> {
            #[inline]
            fn raw(&self) -> &[__mw::u8] {
                self.__raw
            }
            #id_places
            #[inline]
            fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
                #header_block
            }
            #doubt
            #inline
            fn rewrite(
                &self,
                __edits: &__mw::Edits<'_>,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<()> {
                #verbatim
                #rewrite
            }
            #rewrite_head
        }
    }
}

/// The method of a view that writes the frame with edits.
pub(super) fn edited_fn(
    frame: &Checked<Frame>,
    attribute: &TokenStream,
    written: &TokenStream,
) -> TokenStream {
    let view = idents::view(&frame.ident);
    let [unseen, ..] = unseen(frame);
    quote! {
        #[automatically_derived]
        impl #view<'_> {
            #attribute
            fn __edited(
                &self,
                __edits: &__mw::Edits<'_>,
                #unseen
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<()> {
                let __view = self;
                #written
            }
        }
    }
}

/// The parameter of bytes of the body that are not here, of the function that writes a frame with edits; its argument,
/// where all are here; and what a frame is put together with.
pub(super) fn unseen(frame: &Checked<Frame>) -> [Option<TokenStream>; 3] {
    let rewrites = head::rewrites_head(frame);
    [
        quote!(__unseen: __mw::usize,),
        quote!(0,),
        quote!(.before(__unseen)),
    ]
    .map(|tokens| rewrites.then_some(tokens))
}

/// The part in which a server may read another value than a header has: its payload codec knows.
fn doubt(frame: &Checked<Frame>) -> Option<TokenStream> {
    let part = frame.headers()?;
    let (name, ident, codec) = (part.name(), &part.ident, part.codec()?);
    let inputs = inputs::kept(frame, part, |run| quote!(self.#run))?;
    let doubtful = codec_call(
        codec,
        "is_doubtful",
        &quote!(self.#ident, #inputs, __header),
    );
    Some(quote! {
        fn doubt(&self, __header: &__mw::str) -> __mw::Option<&'static __mw::str> {
            if #doubtful { __mw::Some(#name) } else { __mw::None }
        }
    })
}

/// The headers as a block, where they are encoded as one and are all that the host sees.
fn header_block(frame: &Checked<Frame>) -> TokenStream {
    let as_header = frame.fields.iter().any(|field| field.header.is_some());
    match frame.headers() {
        Some(headers) if !as_header && headers.format().is_none() && headers.codec().is_none() => {
            let name = &headers.ident;
            quote!(__mw::Some(self.#name))
        }
        None if !as_header => quote!(__mw::Some(&[])),
        _ => quote!(__mw::None),
    }
}
