//! The impls of a protocol that the declaration leaves to be generated.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, ItemStruct, LitStr, Path};

use crate::check::Checked;
use crate::expand::calls::place;
use crate::model::protocol::{
    Body, Callee, FrameRef, Hijacker, KeepAlive, Options, Pool, Protocol, StatusMap,
};
use crate::names;

/// The frames as one enum, owned and borrowed, and their codec. The runtime writes them: they are the
/// same for all protocols.
pub(in crate::expand) fn frames(
    krate: Option<&Path>,
    item: &ItemStruct,
    frames: &[FrameRef],
) -> TokenStream {
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

/// The exports of a plugin, where it is built as one, beside an item that a crate can have once.
///
/// Those of a second plugin would have the same names. What all modules of a crate share is the namespace of
/// exported macros, so the item is one, of a name that says in an error what to do.
pub(in crate::expand) fn export(protocol: &Checked<Protocol>) -> TokenStream {
    let runtime = names::runtime(protocol.krate.as_ref());
    let ident = &protocol.item.ident;
    let name = Ident::new(names::ONE_PLUGIN, ident.span());
    let once = quote_spanned! {ident.span()=>
        #[doc(hidden)]
        #[macro_export]
        #[allow(non_local_definitions)]
        macro_rules! #name {
            () => {};
        }
    };
    quote! { #runtime::__export! { #ident, #once } }
}

pub(in crate::expand) fn protocol(protocol: &Checked<Protocol>) -> TokenStream {
    let (ident, name) = (&protocol.item.ident, &protocol.name);
    let root = protocol.root.as_ref();
    let root = root.map_or_else(|| quote!(()), |root| quote!(#root));
    let maps = matches!(protocol.hijacker, Hijacker::Status(_));
    let (reason, status) = match protocol.hijacker.statuses() {
        None => (quote!(_), quote!(0)),
        Some(map) => {
            let rows = map.rows.iter().map(|(code, value)| {
                let status = status(value);
                quote!(#code => #status)
            });
            let rest = status(&map.rest);
            (
                quote!(__reason),
                quote!(match __reason.0 { #(#rows,)* _ => #rest }),
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

pub(in crate::expand) fn keep_alive(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    match &protocol.keep_alive {
        KeepAlive::Custom(key) => promised(protocol, key, &quote!(KeepAlive)),
        KeepAlive::Frames => {
            let message = format!(
                "no request of `{ident}` declares `heartbeat(…)`: declare one, or write `keep_alive = none`"
            );
            let asked = demand(protocol, &codec(protocol, "HEARTBEAT"), &message);
            let message = format!(
                "no frame of `{ident}` answers heartbeats: declare `heartbeat(…)` on a response, or `heartbeat_ack(…)` on a struct that is both"
            );
            let (heartbeat, ack) = (
                codec(protocol, "HEARTBEAT"),
                codec(protocol, "HEARTBEAT_ACK"),
            );
            let answered = demand(protocol, &quote!(!#heartbeat || #ack), &message);
            quote! {
                #[automatically_derived]
                impl __mw::KeepAlive for #ident {}
                #asked
                #answered
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

pub(in crate::expand) fn hijacker(protocol: &Checked<Protocol>) -> TokenStream {
    let ident = &protocol.item.ident;
    if let Hijacker::Custom(key, _) = &protocol.hijacker {
        let (promised, statuses) = (
            promised(protocol, key, &quote!(Hijacker)),
            statuses(protocol),
        );
        return quote!(#promised #statuses);
    }
    let has_local = codec(protocol, "LOCAL");
    if matches!(protocol.hijacker, Hijacker::None) {
        let message = format!(
            "`{ident}` has no answers to `local(…)`: declare `status(200 => …, …)`, or write `hijacker = custom`"
        );
        let local = demand(protocol, &quote!(!#has_local), &message);
        return quote! {
            #local
            #[automatically_derived]
            impl __mw::Hijacker for #ident {
                fn hijack(
                    _: &__mw::ProtocolContext<'_, Self>,
                    _: &<Self as __mw::Codec>::View<'_>,
                    _: __mw::HostStatus,
                ) -> __mw::Option<<Self as __mw::Codec>::Frame> {
                    __mw::None
                }
            }
        };
    }
    let message = format!("no frame of `{ident}` is a `response`: replies of the host need one");
    let (response, by_side) = (codec(protocol, "RESPONSE"), codec(protocol, "BY_SIDE"));
    let demanded = demand(protocol, &quote!(#response || #by_side), &message);
    let message = format!(
        "only their sender distinguishes the responses of `{ident}`: write `hijacker = none`, or `hijacker = custom` with an answer"
    );
    let sided = demand(protocol, &quote!(!#by_side), &message);
    let statuses = statuses(protocol);
    let succeeds = protocol
        .hijacker
        .statuses()
        .is_some_and(StatusMap::has_success);
    let local = (!succeeds).then(|| {
        let message = format!(
            "the answers of `{ident}` to `local(…)` have the status of success: add a row for it, `status(200 => …, …)`"
        );
        demand(protocol, &quote!(!#has_local), &message)
    });
    quote! {
        #[automatically_derived]
        impl __mw::Hijacker for #ident {}
        #demanded
        #sided
        #local
        #statuses
    }
}

/// A status that no answer can have is an error at its number.
fn statuses(protocol: &Checked<Protocol>) -> TokenStream {
    let layouts = codec(protocol, "LAYOUTS");
    let Some(map) = protocol.hijacker.statuses() else {
        return TokenStream::new();
    };
    let values = map.values();
    let values = values.filter(|value| is_constant(value) && !is_same(value));
    let pins = values.map(|value| {
        let status = status(value);
        quote_spanned! {place(value)=>
            const _: () = __mw::pin_status(#layouts, #status);
        }
    });
    pins.collect()
}

/// A status as a number.
fn status(value: &Expr) -> TokenStream {
    if is_same(value) {
        quote!(__mw::i64::from(__reason.0))
    } else if is_of_type(value) {
        quote_spanned!(place(value)=> __mw::Coded::code(&(#value)))
    } else {
        quote_spanned!(place(value)=> (#value) as __mw::i64)
    }
}

/// Whether an expression is the word for the host's own number.
fn is_same(value: &Expr) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident("same"))
}

/// Whether an expression is a path into a type, as a variant of a code enum is. Those may hold other values, so
/// that they cannot be cast.
fn is_of_type(value: &Expr) -> bool {
    let Expr::Path(path) = value else {
        return false;
    };
    let of = path.path.segments.iter().rev().nth(1);
    of.is_some_and(|of| of.ident.to_string().starts_with(char::is_uppercase))
}

/// Whether the compiler knows a status as a number.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) => true,
        Expr::Path(_) => !is_of_type(value),
        Expr::Cast(cast) => matches!(*cast.expr, Expr::Lit(_) | Expr::Path(_)),
        Expr::Unary(unary) => is_constant(&unary.expr),
        Expr::Binary(binary) => is_constant(&binary.left) && is_constant(&binary.right),
        Expr::Group(group) => is_constant(&group.expr),
        Expr::Paren(paren) => is_constant(&paren.expr),
        _ => false,
    }
}

/// What the frames are not alone: each is distinguished from those before it, and can be copied, shown and compared.
pub(in crate::expand) fn each(protocol: &Checked<Protocol>) -> TokenStream {
    let layouts = codec(protocol, "LAYOUTS");
    let frames = protocol.frames.value.iter().enumerate();
    let pins = frames.map(|(index, frame)| {
        let path = &frame.path;
        let message = format!(
            "`{}` lacks a derive: write `#[derive(Frame, Clone, Debug, PartialEq)]`",
            frame.variant
        );
        let apart = (index > 0).then(|| {
            quote_spanned! {place(path)=>
                const _: () = __mw::pin_distinct(#layouts, #index);
            }
        });
        quote_spanned! {place(path)=>
            const _: () = {
                #[allow(unused_imports)]
                use __mw::Underived as _;
                __mw::assert!(__mw::Derived::<#path>::WHOLLY, #message)
            };
            #apart
        }
    });
    pins.collect()
}

pub(in crate::expand) fn callee(protocol: &Checked<Protocol>) -> TokenStream {
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
    quote_spanned! {place(&protocol.item.ident)=>
        const _: () = __mw::assert!(#what, #message);
    }
}

/// What is known of all frames.
fn codec(protocol: &Checked<Protocol>, what: &str) -> TokenStream {
    let (ident, what) = (&protocol.item.ident, format_ident!("{what}"));
    quote_spanned!(place(ident)=> <#ident as __mw::Codec>::#what)
}

pub(in crate::expand) fn options(protocol: &Checked<Protocol>) -> TokenStream {
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
