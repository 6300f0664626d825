//! Whole expansions, to be read. `BLESS=1 cargo test -p meshwire-macros` writes them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Item;

use crate::pipeline;

#[test]
fn a_small_frame() {
    let tokens = expanded(quote! {
        #[frame(request, oneway(kind = 2))]
        pub struct Ping {
            #[frame(magic = 0xABCD)] mark: u16,
            #[frame(tag(1, 2))] pub kind: u8,
            #[frame(default = Codec::Json)] pub codec: Codec,
            #[frame(id, at = 4, endian = little)] pub id: u32,
            #[frame(len_of = body)] body_len: Len<u16>,
            /// What is pinged.
            #[frame(body, max = 1024)] pub body: Bytes,
        }
    });
    compare("ping", tokens);
}

#[test]
fn a_header_format() {
    let tokens = expanded(quote! {
        #[frame(response)]
        pub struct Pong {
            #[frame(id)] pub id: u32,
            #[frame(len_of = headers)] headers_len: Len<u16>,
            #[frame(headers, format = TextPairs<'&', '='>)] pub headers: HeaderMap,
        }
    });
    compare("pong", tokens);
}

#[test]
fn a_staged_frame() {
    let tokens = expanded(quote! {
        #[frame(request)]
        pub struct Staged {
            #[frame(len_of = flags..)] total: Len<u16>,
            #[frame(bits = 7)] pub flags: u8,
            #[frame(bits = 1)] pub sealed: u8,
            #[frame(len_of = method)] method_len: Len<u8>,
            #[frame(len_of = said)] said_len: Len<u8>,
            #[frame(header = "method")] pub method: Text,
            #[frame(with = Said, inputs(flags), id, body)] pub said: Bytes,
            #[frame(over = ..=said, when(sealed = 1))] crc: Check<Crc32>,
        }
    });
    compare("staged", tokens);
}

#[test]
fn a_frame_of_varints() {
    let tokens = expanded(quote! {
        #[frame(request, heartbeat(kind = 2))]
        pub struct Varying {
            #[frame(tag(1, 2))] pub kind: u8,
            #[frame(len_of = seq..)] total: Len<Varint<u32>>,
            #[frame(id)] pub seq: Varint<u32>,
            #[frame(header = "hop")] pub hop: Zigzag<i16>,
            #[frame(len_of = name)] name_len: Len<Varint<u16>>,
            pub name: Text,
            pub flags: u8,
            #[frame(body)] pub body: Bytes,
        }
    });
    compare("varying", tokens);
}

#[test]
fn bolt() {
    let request = item_of_bolt("BoltRequest");
    compare("bolt_request", expanded(request));
}

#[test]
fn an_enum_of_codes() {
    let tokens = expanded(quote! {
        #[repr(u8)]
        pub enum Codec { Hessian = 1, Json = 12, Raw = BASE + 3, #[frame(other)] Other(u8) }
    });
    compare("codec", tokens);
}

#[test]
fn a_protocol() {
    let args = quote! {
        name = "x-ping", frames(Ping, wire::Pong), status(200 => 0, _ => Status::Bad), keep_alive = none,
        service("to", "svc"), method(), body = hidden, pool = ping_pong, worker_pool = false
    };
    let outcome = pipeline::protocol(
        args,
        quote!(
            /** Ping. */
            pub struct Pinger;
        ),
    );
    compare("protocol", outcome.tokens);
}

#[test]
fn stub_implementations() {
    let outcome = pipeline::frame(quote!(
        #[frame(response)]
        struct Pong {
            at: u32,
        }
    ));
    assert_eq!(outcome.errors.len(), 1);
    compare("fallback", outcome.tokens);
}

/// The expansion of a declaration without mistakes.
#[track_caller]
fn expanded(input: TokenStream) -> TokenStream {
    let outcome = pipeline::frame(input);
    super::assert_none(super::messages(&outcome));
    outcome.tokens
}

/// An item of the bolt example, as its author wrote it. The file is a link to the example's, which the published
/// package has as a file of its own.
fn item_of_bolt(name: &str) -> TokenStream {
    let file = syn::parse_file(include_str!("golden/bolt.in")).expect("the bolt example is Rust");
    let item = file.items.into_iter().find(|item| match item {
        Item::Struct(item) => item.ident == name,
        _ => false,
    });
    item.expect("bolt has this frame").into_token_stream()
}

#[track_caller]
fn compare(name: &str, tokens: TokenStream) {
    let file = syn::parse2(tokens).expect("an expansion is a run of items");
    let text = prettyplease::unparse(&file);
    let path = golden(name);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, text).expect("the golden file can be written");
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == text,
        "the expansion is not that of {}; run with BLESS=1 and read the difference",
        path.display()
    );
}

fn golden(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/golden");
    folder.join(name).with_extension("rs")
}
