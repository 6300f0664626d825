//! Replacements for a declaration with mistakes: the same items, with nothing in them, so that the user
//! sees the mistakes and not what follows from them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields};

use super::calls::hidden;
use super::idents;
use super::impls::protocol::frames;
use super::layout;
use crate::attrs::codes::CodesSource;
use crate::attrs::frame::FrameSource;
use crate::attrs::protocol::{HijackerWord, KeepAliveWord, ProtocolSource};
use crate::attrs::record::RecordAttrs;
use crate::errors::Errors;
use crate::model::codes::repr;
use crate::model::frame::Direction;
use crate::model::protocol::FrameRef;
use crate::names;

pub(crate) fn frame(source: &FrameSource<'_>) -> TokenStream {
    let (input, attrs) = (source.input, &source.attrs);
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let krate = attrs.krate.as_ref().map(|given| &given.value);
    let direction = match (&attrs.request, &attrs.response) {
        (_, None) => Direction::Request,
        (None, Some(_)) => Direction::Response,
        (Some(_), Some(_)) => Direction::Either,
    };
    let (vis, ident, view) = (&input.vis, &input.ident, idents::view(&input.ident));
    let runtime = names::runtime(krate);
    let item = quote! {
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #vis struct #view<'a>(&'a [#runtime::__private::u8]);
    };
    let hidden = hidden(
        krate,
        [
            command(&quote!(#ident), direction),
            command(&quote!(#view<'_>), direction),
            shapes(input, direction),
        ],
    );
    quote! { #item #hidden }
}

/// An entry of nothing, which a record can be made of.
pub(crate) fn entry(source: &FrameSource<'_>) -> TokenStream {
    let input = source.input;
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let krate = source.attrs.krate.as_ref().map(|given| &given.value);
    let layout = quote! {
        impl __mw::EntryLayout for #ident {
            type Key<'r> = __mw::u64;
            type Length = __mw::u8;
            const ENDIAN: __mw::Endian = __mw::Endian::Big;
            const GIVEN: &'static [&'static __mw::str] = &[];
            fn read<'r>(_: &mut __mw::EntryReader<'r>) -> __mw::Option<__mw::u64> {
                __mw::None
            }
            fn write(
                _: __mw::u64,
                _: &mut __mw::EntryWriter<'_, '_>,
            ) -> __mw::Result<(), __mw::FormatError> {
                __mw::Ok(())
            }
        }
    };
    hidden(krate, [layout])
}

/// A record of no fields, which can be a part all the same.
pub(crate) fn record(input: &DeriveInput, attrs: &RecordAttrs) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let krate = attrs.krate.as_ref().map(|given| &given.value);
    let codec = quote! {
        impl __mw::Record for #ident {
            const TABLE: &'static __mw::Table = {
                static __TABLE: __mw::Table = __mw::Table::new("", &[]);
                &__TABLE
            };
        }
        impl __mw::RecordField for #ident {
            const TY: __mw::Ty = __mw::Ty::Record(<Self as __mw::Record>::TABLE);
        }
        impl __mw::PayloadCodec for #ident {
            type Inputs = ();
            fn metadata(_: &[__mw::u8], _: ()) -> __mw::Result<__mw::PayloadMetadata, __mw::FormatError> {
                ::core::unreachable!()
            }
            fn rewrite(
                _: &[__mw::u8],
                _: (),
                _: &__mw::MetadataEdits<'_>,
                _: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::FormatError> {
                ::core::unreachable!()
            }
            fn template(_: __mw::Template, _: ()) -> __mw::Option<__mw::Vec<__mw::u8>> {
                ::core::unreachable!()
            }
        }
    };
    hidden(krate, [codec])
}

fn command(ty: &TokenStream, direction: Direction) -> TokenStream {
    let request = (direction != Direction::Response).then(|| {
        quote! {
            impl __mw::Request for #ty {
                fn timeout(&self) -> __mw::Timeout { ::core::unreachable!() }
            }
        }
    });
    let response = (direction != Direction::Request).then(|| {
        quote! {
            impl __mw::Response for #ty {
                fn status(&self) -> __mw::i64 { ::core::unreachable!() }
            }
        }
    });
    quote! {
        impl __mw::Command for #ty {
            fn kind(&self) -> __mw::MessageKind { ::core::unreachable!() }
            fn id(&self) -> __mw::u64 { ::core::unreachable!() }
            fn body(&self) -> &[__mw::u8] { ::core::unreachable!() }
            fn write_headers(&self, _: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
                ::core::unreachable!()
            }
            fn as_request(&self) -> __mw::Option<&dyn __mw::Request> { ::core::unreachable!() }
            fn as_response(&self) -> __mw::Option<&dyn __mw::Response> { ::core::unreachable!() }
        }
        #request
        #response
    }
}

fn shapes(input: &DeriveInput, direction: Direction) -> TokenStream {
    let (ident, view) = (&input.ident, idents::view(&input.ident));
    let direction = layout::direction(direction);
    quote! {
        impl __mw::View for #view<'_> {
            fn raw(&self) -> &[__mw::u8] { self.0 }
            fn header_block(&self) -> __mw::Option<&[__mw::u8]> { __mw::None }
            fn rewrite(
                &self,
                _: &__mw::Edits<'_>,
                _: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<()> {
                ::core::unreachable!()
            }
        }
        impl __mw::Default for #ident {
            fn default() -> Self { ::core::unreachable!() }
        }
        impl __mw::Message for #ident {
            fn set_id(&mut self, _: __mw::u64) -> __mw::Result<()> { ::core::unreachable!() }
            fn set_status(&mut self, _: __mw::i64) -> __mw::Result<()> { ::core::unreachable!() }
            fn set_headers(&mut self, _: __mw::HeaderMap) -> __mw::Result<()> { ::core::unreachable!() }
            fn set_body(&mut self, _: __mw::Bytes) -> __mw::Result<()> { ::core::unreachable!() }
            fn encoded_len(&self) -> __mw::Result<__mw::usize> { ::core::unreachable!() }
            fn encode(&self, _: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
                ::core::unreachable!()
            }
        }
        impl __mw::Frame for #ident {
            type View<'a> = #view<'a>;
            const DIRECTION: __mw::Direction = #direction;
            const LAYOUT: __mw::Layout =
                __mw::Layout::new("", #direction, 0, 0, &[]);
            const FIXED: __mw::usize = 0;
            // Whatever the protocol asks for was perhaps meant.
            const HEARTBEAT: __mw::bool = true;
            const HEARTBEAT_ACK: __mw::bool = true;
            const OPAQUE: __mw::bool = false;
            fn fits(_: &[__mw::u8]) -> __mw::bool { ::core::unreachable!() }
            fn detect(_: &[__mw::u8]) -> __mw::Detection { ::core::unreachable!() }
            fn scan(_: &[__mw::u8]) -> __mw::Result<#view<'_>, __mw::Stop> { ::core::unreachable!() }
            fn from_view(_: &#view<'_>, _: &__mw::Bytes) -> __mw::Result<Self> {
                ::core::unreachable!()
            }
            fn template(_: __mw::Template) -> __mw::Option<Self> { ::core::unreachable!() }
        }
    }
}

pub(crate) fn codes(source: &CodesSource<'_>) -> TokenStream {
    let (input, attrs) = (source.input, &source.attrs);
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let repr = Errors::ignored(|errors| repr(input, errors));
    let repr = repr.unwrap_or_else(|| format_ident!("u8"));
    let ident = &input.ident;
    let names = source.variants.iter().map(|(variant, _)| {
        let name = variant.ident.unraw().to_string();
        quote!((#name, 0))
    });
    let fixed = quote! {
        impl __mw::Fixed for #ident {
            type Bits = #repr;
            // A frame may name them.
            const CODES: &'static [(&'static __mw::str, __mw::u64)] = &[#(#names),*];
            fn from_bits(_: #repr) -> __mw::Option<Self> { ::core::unreachable!() }
            fn bits(&self) -> #repr { ::core::unreachable!() }
        }
    };
    let header = quote! {
        impl __mw::HeaderField for #ident {
            type Buffer = ();
            fn to_header<'__s>(&'__s self, _: &'__s mut ()) -> &'__s [__mw::u8] { ::core::unreachable!() }
            fn from_header(_: &[__mw::u8]) -> __mw::Result<Self, __mw::Reason> { ::core::unreachable!() }
        }
    };
    hidden(
        attrs.krate.as_ref().map(|given| &given.value),
        [fixed, header],
    )
}

pub(crate) fn protocol(source: &ProtocolSource<'_>) -> TokenStream {
    let (item, attrs) = (source.item, &source.attrs);
    let frames = attrs.frames.as_ref();
    let mut frames = FrameRef::of(frames.map_or(&[], |given| given.value.as_slice()));
    // These names are taken, by a generated enum or by a frame before.
    let mut seen = ["Frame", "View"]
        .map(|end| format_ident!("{}{end}", item.ident))
        .to_vec();
    frames.retain(|frame| {
        let first = !seen.contains(&frame.variant);
        seen.push(frame.variant.clone());
        first
    });
    let unit = matches!(item.fields, Fields::Unit) && item.generics.params.is_empty();
    if frames.is_empty() || !unit {
        return quote!(#item);
    }
    let krate = attrs.krate.as_ref().map(|given| &given.value);
    let ident = &item.ident;
    let root = attrs.root.as_ref().map_or_else(
        || quote!(()),
        |given| {
            let root = &given.value;
            quote!(#root)
        },
    );
    let custom_keep_alive = attrs
        .keep_alive
        .as_ref()
        .is_some_and(|given| given.value == KeepAliveWord::Custom);
    let custom_hijacker = attrs
        .hijacker
        .as_ref()
        .is_some_and(|given| given.value == HijackerWord::Custom);
    let generated = [
        (quote!(KeepAlive), custom_keep_alive),
        (quote!(Hijacker), custom_hijacker),
        (quote!(Options), attrs.options.is_some()),
    ];
    let generated = generated
        .iter()
        .filter(|(_, custom)| !custom)
        .map(|(name, _)| name);
    let impls = quote! {
        impl __mw::Protocol for #ident {
            const NAME: &'static __mw::str = "";
            type Root = #root;
            const MAPS_STATUS: __mw::bool = false;
            fn status(_: __mw::HostStatus) -> __mw::i64 { ::core::unreachable!() }
        }
        #(impl __mw::#generated for #ident {})*
    };
    let frames = self::frames(krate, item, &frames);
    let hidden = hidden(krate, [impls]);
    quote! { #item #frames #hidden }
}
