//! The impls of a protocol that the declaration leaves to be generated.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ItemStruct, LitStr, Path};

use super::place;
use crate::check::Checked;
use crate::model::protocol::{
    Body, Callee, FrameRef, Hijacker, KeepAlive, Options, Pool, Protocol,
};
use crate::names;

/// The frames as one enum, owned and borrowed, and their codec. The runtime writes them: they are the
/// same for all protocols.
pub(super) fn frames(krate: Option<&Path>, item: &ItemStruct, frames: &[FrameRef]) -> TokenStream {
    let runtime = names::runtime(krate);
    let (vis, ident) = (&item.vis, &item.ident);
    let (owned, view) = (
        format_ident!("{}Frame", ident),
        format_ident!("{}View", ident),
    );
    let frames = frames.iter().map(|frame| {
        let (variant, path) = (&frame.variant, &frame.path);
        quote!(#variant(#path))
    });
    quote! {
        #runtime::__frames! { #vis #ident, #owned, #view { #(#frames,)* } }
    }
}

/// The exports of a plugin, where it is built as one.
pub(super) fn export(protocol: &Checked<Protocol>) -> TokenStream {
    let runtime = names::runtime(protocol.krate.as_ref());
    let ident = &protocol.item.ident;
    quote! { #runtime::__export! { #ident } }
}

pub(super) fn protocol(protocol: &Checked<Protocol>) -> TokenStream {
    let (ident, name) = (&protocol.item.ident, &protocol.name);
    let root = protocol.root.as_ref();
    let root = root.map_or_else(|| quote!(()), |root| quote!(#root));
    let maps = matches!(protocol.hijacker, Hijacker::Status(_));
    let (reason, status) = match &protocol.hijacker {
        Hijacker::Custom(_) => (quote!(_), quote!(0)),
        Hijacker::Status(map) => {
            let rows = map
                .rows
                .iter()
                .map(|(code, value)| quote!(#code => (#value) as __mw::i64));
            let rest = &map.rest;
            (
                quote!(__reason),
                quote!(match __reason.0 { #(#rows,)* _ => (#rest) as __mw::i64 }),
            )
        }
    };
    quote! {
        #[automatically_derived]
        impl __mw::Protocol for #ident {
            const NAME: &'static __mw::str = #name;
            type Root = #root;
            const MAPS_STATUS: __mw::bool = #maps;
            fn status(#reason: __mw::HostStatus) -> __mw::i64 {
                #status
            }
        }
    }
}

pub(super) fn keep_alive(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    match &protocol.keep_alive {
        KeepAlive::Custom(key) => promised(protocol, key, &quote!(KeepAlive)),
        KeepAlive::Frames => {
            let message = format!(
                "no request of `{ident}` declares `heartbeat(…)`: declare one, or say `keep_alive = none`"
            );
            let demand = demand(protocol, &quote!(HEARTBEAT), &message);
            quote! {
                #[automatically_derived]
                impl __mw::KeepAlive for #ident {}
                #demand
            }
        }
        KeepAlive::None => quote! {
            #[automatically_derived]
            impl __mw::KeepAlive for #ident {
                fn keep_alive(
                    _: &__mw::ProtocolContext<'_, Self>,
                    _: __mw::u64,
                ) -> __mw::Option<<Self as __mw::Codec>::Frame> {
                    __mw::None
                }
                fn reply(
                    _: &__mw::ProtocolContext<'_, Self>,
                    _: &<Self as __mw::Codec>::View<'_>,
                ) -> __mw::Option<<Self as __mw::Codec>::Frame> {
                    __mw::None
                }
            }
        },
    }
}

pub(super) fn hijacker(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    if let Hijacker::Custom(key) = &protocol.hijacker {
        return promised(protocol, key, &quote!(Hijacker));
    }
    let message = format!("no frame of `{ident}` is a `response`: the host's own answers need one");
    let demand = demand(protocol, &quote!(RESPONSE), &message);
    quote! {
        #[automatically_derived]
        impl __mw::Hijacker for #ident {}
        #demand
    }
}

pub(super) fn callee(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    let (service, method) = match &protocol.callee {
        Callee::Custom(key) => return promised(protocol, key, &quote!(Callee)),
        Callee::Headers { service, method } => (service, method),
    };
    let keys = |name: TokenStream, keys: &Option<Vec<LitStr>>| {
        let keys = keys.as_ref()?;
        Some(quote!(const #name: &'static [&'static __mw::str] = &[#(#keys),*];))
    };
    let service = keys(quote!(SERVICE), service);
    let method = keys(quote!(METHOD), method);
    quote! {
        #[automatically_derived]
        impl __mw::Callee for #ident { #service #method }
    }
}

/// What the author said he writes is asked for here; the plugin's exports would ask only when it is
/// built for the host.
fn promised(protocol: &Checked<Protocol>, key: &Ident, what: &TokenStream) -> TokenStream {
    let mut ident = protocol.item.ident.clone();
    ident.set_span(place(key));
    quote_spanned! {place(key)=>
        const _: () = {
            const fn __is_written<T: __mw::#what>() {}
            __is_written::<#ident>()
        };
    }
}

/// What the frames must have between them, known only to the compiler.
fn demand(protocol: &Checked<Protocol>, what: &TokenStream, message: &str) -> TokenStream {
    let ident = &protocol.item.ident;
    quote_spanned! {place(ident)=>
        const _: () = __mw::assert!(<#ident as __mw::Codec>::#what, #message);
    }
}

pub(super) fn options(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    let (body, pool, worker_pool) = match &protocol.options {
        Options::Custom(key) => return promised(protocol, key, &quote!(Options)),
        Options::Stated {
            body,
            pool,
            worker_pool,
        } => (body, pool, worker_pool),
    };
    let pool = pool.map(|pool| {
        let pool = match pool {
            Pool::Multiplex => quote!(Multiplex),
            Pool::PingPong => quote!(PingPong),
            Pool::Tcp => quote!(Tcp),
        };
        quote!(const POOL: __mw::PoolMode = __mw::PoolMode::#pool;)
    });
    let worker_pool = worker_pool.map(|on| quote!(const WORKER_POOL: __mw::bool = #on;));
    let body = body.map(|body| {
        let body = match body {
            Body::Visible => quote!(Visible),
            Body::Hidden => quote!(Hidden),
        };
        quote!(const BODY: __mw::BodyMode = __mw::BodyMode::#body;)
    });
    quote! {
        #[automatically_derived]
        impl __mw::Options for #ident { #pool #worker_pool #body }
    }
}
