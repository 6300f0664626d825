//! Expansions name nothing that the user could have replaced.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::pipeline;

/// Names of the prelude and of primitive types that an expansion must not use bare. (`u32` and `u16`
/// are the user's own in the inputs below.)
const BARE: &[&str] = &[
    "Box", "Clone", "Copy", "Debug", "Default", "Err", "From", "Into", "None", "Ok", "Option",
    "Result", "Some", "String", "Vec", "bool", "core", "i64", "meshwire", "std", "str", "u64",
    "u8", "usize",
];

/// What expansions may name of the runtime's `__private` module, which they call `__mw`: what they do name
/// is compared with this list.
#[rustfmt::skip]
const PRIVATE: &[&str] = &[
    // The language's own prelude, which the user may have replaced.
    "assert", "bool", "i64", "str", "u8", "u16", "u32", "u64", "usize", "Default", "Err", "From", "None", "Ok", "Option",
    "Result", "Some", "Vec",
    // Values on the wire.
    "Digits", "HeaderField", "Reason", "code_from_header", "code_to_header",
    "Bits", "Bytes", "Check", "Endian", "Error", "Fixed", "HeaderMap", "HeaderWriter", "Headers",
    "FnMut", "Int", "Len", "Part", "Slot",
    // Frames.
    "CheckAt", "Condition", "Cover", "Detection", "Direction", "Edits", "FieldRole", "Format", "Frame", "Head", "IdPlace",
    "Item", "Layout", "Length", "MAX_FRAME", "Message", "Metadata", "Patch", "PayloadEdits", "Region", "Rewrite",
    "Scan", "Shape", "Stop", "Tail", "Template", "Total", "View", "fixed_field", "later_field", "part_field",
    "varint_field",
    // Commands and protocols.
    "BodyMode", "Callee", "IS_MODULE", "Codec", "Command", "Hijacker", "HostStatus", "KeepAlive", "MessageKind",
    "Options", "PoolMode", "Protocol", "ProtocolContext", "Request", "Response", "Timeout",
    // Values as they are written.
    "Number", "code_named", "codes", "decimal", "exactly", "listed", "misfit", "padded", "pattern",
    "ranges_without", "some_ranges",
    // One call per field.
    "Coded", "Derived", "PartCodec", "Summed", "Underived", "Wire", "bytes", "bytes_from_header", "from_header",
    "get", "half", "head", "header_edit", "headers", "holds_digits", "is_id_only", "kind", "kind_of", "least",
    "narrow_id", "no_other_headers", "opaque", "opaque_bytes", "opaque_id", "other_headers", "other_kind", "padding",
    "pass_on", "pass_on_bytes", "pass_on_ids", "pin_at", "pin_bits", "pin_distinct", "pin_opaque", "pin_size", "pin_status", "pin_unit", "pin_width", "place_in",
    "put_len", "region", "replace", "same_bytes", "same_kind", "serves", "set_from_header", "set_opaque",
    "set_text_from_header", "text_from_header", "text_to_header", "timeout", "timeout_in", "to_header", "varint",
    "varint_id", "varint_kept", "varint_len",
];

/// Keywords that can come before an absolute path, or a `!` that calls no macro.
const KEYWORDS: &[&str] = &["as", "if", "impl", "macro_rules", "use"];

/// Whole words that begin a path without being the user's or relative to its module.
const ROOTS: &[&str] = &["clippy", "__mw", "Self"];

fn expansions() -> Vec<TokenStream> {
    let whole = frames().into_iter().chain(staged()).chain(codes());
    let whole = whole.map(|input| {
        let outcome = pipeline::frame(input);
        super::assert_none(super::messages(&outcome));
        outcome
    });
    let stand_ins = refused().into_iter().map(pipeline::frame);
    let expanded = whole.chain(stand_ins).map(|outcome| outcome.tokens);
    expanded.chain(protocols()).collect()
}

fn frames() -> Vec<TokenStream> {
    let fields = quote! {
        #[frame(magic = 1)] mark: u32,
        #[frame(tag(1, 2))] kind: u32,
        flag: u32,
        #[frame(default = A)] codec: Codec,
        raw: [Byte; 2],
        #[frame(id, at = 0)] id: u32,
        #[frame(len_of = name)] name_len: Len<u16>,
        #[frame(len_of = headers)] headers_len: Len<u16>,
        #[frame(len_of = body)] body_len: Len<u16>,
        #[frame(max = 3)] name: Text,
        #[frame(headers)] headers: HeaderMap,
        #[frame(body)] body: Bytes,
    };
    vec![
        quote! {
            #[frame(request, heartbeat(flag = 3), oneway(kind = 2), size = 9, crate = ::renamed)]
            pub struct Ping { #[frame(timeout, endian = little)] timeout: u32, #fields }
        },
        quote! {
            #[frame(response, max = 3, crate = ::renamed)]
            pub struct Pong { #[frame(status, default = A)] status: Status, #fields }
        },
        quote!(
            #[frame(response, crate = ::renamed)]
            struct Pong {
                #[frame(id)]
                id: u32,
            }
        ),
        quote!(
            #[frame(request, response(kind = 2), heartbeat(kind = 3), crate = ::renamed)]
            struct Both {
                #[frame(id)]
                id: u32,
                #[frame(tag(1, 2, 3))]
                kind: u32,
                #[frame(timeout, status)]
                word: u32,
            }
        ),
        quote!(
            #[frame(response, crate = ::renamed)]
            struct Pong {
                #[frame(id)]
                id: u32,
                #[frame(len_of = headers)]
                headers_len: Len<u16>,
                #[frame(headers, format = Pairs)]
                headers: HeaderMap,
            }
        ),
    ]
}

/// Frames that are put together of pieces, with every key that makes them so.
fn staged() -> [TokenStream; 5] {
    [
        quote! {
            #[frame(request, heartbeat(flag(1, 2)), size = 9, crate = ::renamed)]
            pub struct Staged {
                #[frame(len_of = .., at = 0)] total: Len<U24>,
                #[frame(bits = 4, tag(1, 2))] kind: u32,
                #[frame(bits = 28, header = "flag", read_only)] flag: u32,
                #[frame(over = ..)] sum: Check<Sum>,
                #[frame(len_of = name)] name_len: Len<AsciiDecimal<2>>,
                #[frame(header = "name")] name: Text,
                #[frame(id)] id: u32,
                #[frame(id_copy)] again: u16,
                #[frame(header = "area")] area: FixedStr<4>,
                #[frame(when(flag(1, 2), kind = 1), default = A)] codec: Codec,
                #[frame(when(flag(1, 2), kind = 1), magic = 3)] mark: u32,
                #[frame(when(flag = 3), tag(4, 5))] tag: u32,
                #[frame(tag(not(A, 3)), default = A)] turn: u32,
                #[frame(len_of = map..=info, unit = 4)] map_len: Len<u16>,
                #[frame(len_of = map)] pairs_len: Len<u16>,
                #[frame(headers, timeout_key = "ms")] map: HeaderMap,
                info: Bytes,
                #[frame(body)] body: Bytes,
                last: u32,
            }
        },
        quote! {
            #[frame(request, response(kind(2, 3)), heartbeat(body = b"N"), crate = ::renamed)]
            pub struct Unique {
                #[frame(tag(1, 2, 3))] kind: u32,
                #[frame(id)] id: [Byte; 8],
                #[frame(len_of = map)] map_len: Len<u16>,
                #[frame(len_of = body)] body_len: Len<u16>,
                #[frame(headers, format = Pairs)] map: HeaderMap,
                #[frame(body)] body: Bytes,
                #[frame(header = "x")] x: u32,
            }
        },
        quote! {
            #[frame(request, crate = ::renamed)]
            pub struct Varying {
                #[frame(len_of = seq..)] total: Len<Varint<u32>>,
                #[frame(id)] seq: Varint<u32>,
                #[frame(header = "hop")] hop: Zigzag<i16>,
                #[frame(timeout, default = A)] timeout: Varint<u16>,
                #[frame(len_of = name)] name_len: Len<Varint<u16>>,
                name: Text,
                #[frame(body)] body: Bytes,
            }
        },
        quote! {
            #[frame(request, heartbeat(wide = 2, name = "N"), crate = ::renamed)]
            pub struct Literal {
                #[frame(id)] id: u32,
                #[frame(magic = MARK)] mark: u16,
                flag: u16,
                #[frame(tag(1, WIDE))] wide: U24,
                #[frame(tag = DIGITS)] digits: AsciiDecimal<2>,
                #[frame(tag("A", ARRAY))] array: [Byte; 1],
                #[frame(magic = "A")] exact: [Byte; ONE],
                #[frame(magic = "A")] padded: FixedStr<2>,
                #[frame(tag(::codes::Codec::A, ::codes::Codec::B))] codec: Codec,
                #[frame(default = 1, when(codec = ::codes::Codec::A, flag = FLAG))] last: Codec,
                #[frame(len_of = name)] len: Len<u16>,
                name: Bytes,
            }
        },
        quote! {
            #[frame(crate = ::renamed)]
            pub struct Told {
                mark: u16,
                #[frame(len_of = said)] len: Len<u16>,
                #[frame(len_of = more)] more_len: Len<u16>,
                #[frame(with = Said, inputs(mark), kind, id, timeout, status, body)] said: Bytes,
                #[frame(with = More, headers)] more: Bytes,
            }
        },
    ]
}

/// The stub implementations of declarations with mistakes.
fn refused() -> [TokenStream; 3] {
    [
        quote!(
            #[repr(u32)]
            #[frame(crate = ::renamed)]
            enum Codec {
                A,
            }
        ),
        quote!(
            #[frame(response, crate = ::renamed)]
            struct Pong {
                id: u32,
            }
        ),
        quote!(
            #[frame(request, crate = ::renamed)]
            struct Ping {
                id: u32,
            }
        ),
    ]
}

fn codes() -> [TokenStream; 2] {
    [
        quote!(
            #[repr(u32)]
            #[frame(crate = ::renamed)]
            enum Codec {
                A = 1,
            }
        ),
        quote!(
            #[repr(u32)]
            #[frame(crate = ::renamed)]
            enum Codec {
                A = 1,
                #[frame(other)]
                B(u32),
            }
        ),
    ]
}

fn protocols() -> [TokenStream; 4] {
    let keys = [
        quote!(status(1 => 2, _ => 3), worker_pool = true, body = visible, pool = tcp),
        quote!(status(_ => 3), keep_alive = none, root = Root),
        quote!(
            hijacker = custom,
            options = custom,
            keep_alive = custom,
            callee = custom
        ),
        quote!(keep_alive = none),
    ];
    keys.map(|keys| {
        let args = quote!(name = "x", frames(Ping, Pong), crate = ::renamed, #keys);
        let item = quote!(
            struct P;
        );
        pipeline::protocol(args, item).tokens
    })
}

/// Every `A` of `A::B` and every bare word, with what comes before it.
fn walk(tokens: TokenStream, see: &mut impl FnMut(&str, Option<&str>, Option<&str>)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let text: Vec<String> = tokens.iter().map(ToString::to_string).collect();
    let pair = |at: usize| {
        (
            text.get(at).map(String::as_str),
            text.get(at + 1).map(String::as_str),
        )
    };
    for (at, token) in tokens.into_iter().enumerate() {
        match token {
            TokenTree::Group(group) => walk(group.stream(), see),
            TokenTree::Ident(ident) => {
                let before = at.checked_sub(2).map(pair);
                let inside = matches!(before, Some((Some(":"), Some(":"))));
                let root = inside
                    .then(|| at.checked_sub(3).and_then(|at| text.get(at)))
                    .flatten();
                let before = if inside {
                    Some(root.map_or("", String::as_str))
                } else {
                    None
                };
                let after = pair(at + 1);
                // `path::<u8>`, which is no longer path, and `field: ::path`.
                let next = text.get(at + 3).map(String::as_str);
                let ends = matches!(next, Some("<" | ":"));
                let path = matches!(after, (Some(":"), Some(":"))) && !ends;
                let call = matches!(after.0, Some("!")).then_some("!");
                see(
                    &ident.to_string(),
                    before,
                    if path { Some("::") } else { call },
                );
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[test]
fn no_relative_path_and_no_prelude() {
    for tokens in expansions() {
        let text = tokens.to_string();
        walk(tokens, &mut |word, before, after| {
            if before.is_some() {
                return;
            }
            assert!(!BARE.contains(&word), "bare `{word}` in {text}");
            let rooted = after.is_none() || KEYWORDS.contains(&word) || ROOTS.contains(&word);
            assert!(rooted, "relative path or macro `{word}` in {text}");
        });
    }
}

#[test]
fn a_renamed_runtime_is_used_everywhere() {
    for tokens in expansions() {
        assert!(!tokens.to_string().contains("meshwire"), "{tokens}");
    }
    let outcome = pipeline::frame(quote!(
        #[frame(request)]
        struct Ping {
            #[frame(id)]
            id: u32,
        }
    ));
    let text = outcome.tokens.to_string();
    assert_eq!(
        text.matches(":: meshwire :: __private").count(),
        3 + 1,
        "{text}"
    );
}

#[test]
fn the_table_of_private_names_is_true() {
    let mut used = BTreeSet::new();
    for tokens in expansions() {
        walk(tokens, &mut |word, before, _| {
            if matches!(before, Some("__mw" | "__private")) {
                used.insert(word.to_owned());
            }
        });
    }
    let listed: BTreeSet<String> = PRIVATE.iter().map(|name| (*name).to_owned()).collect();
    let unlisted: Vec<_> = used.difference(&listed).collect();
    let unused: Vec<_> = listed.difference(&used).collect();
    assert!(
        unlisted.is_empty() && unused.is_empty(),
        "unlisted {unlisted:?}, unused {unused:?}"
    );
}
