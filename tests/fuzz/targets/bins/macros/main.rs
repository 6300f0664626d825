//! The macros over any item: they never panic, their errors are on tokens of the author, and what they write are
//! items.
//!
//! Input: the text of an item, with `#[protocol(…)]` above it or, for the derive macro, without.

#![no_main]

mod mutate;

// The crate of the macros can only be called by the compiler, so its modules are built here once more.
#[allow(dead_code)]
#[path = "../../../../../macros/src/attrs/mod.rs"]
mod attrs;
#[allow(dead_code)]
#[path = "../../../../../macros/src/check/mod.rs"]
mod check;
#[allow(dead_code)]
#[path = "../../../../../macros/src/errors.rs"]
mod errors;
#[allow(dead_code)]
#[path = "../../../../../macros/src/expand/mod.rs"]
mod expand;
#[allow(dead_code)]
#[path = "../../../../../macros/src/model/mod.rs"]
mod model;
#[allow(dead_code)]
#[path = "../../../../../macros/src/names.rs"]
mod names;
#[allow(dead_code)]
#[path = "../../../../../macros/src/pipeline.rs"]
mod pipeline;
#[allow(dead_code)]
#[path = "../../../../../macros/src/suggest.rs"]
mod suggest;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use proc_macro2::{TokenStream, TokenTree, extra::invalidate_current_thread_spans};
use syn::{AttrStyle, DeriveInput, File, Item, Meta};

use pipeline::Outcome;

/// Groups in groups; beyond, the compiler itself gives up.
const DEEPEST: usize = 40;

fuzz_target!(|input: &[u8]| -> Corpus {
    let corpus = str::from_utf8(input).map_or(Corpus::Reject, check);
    invalidate_current_thread_spans();
    corpus
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = str::from_utf8(&data[..size]).ok();
    // Half of the changes are of bytes, in which numbers and names get others.
    let mutated = text
        .filter(|_| seed.is_multiple_of(2))
        .and_then(|text| mutate::item(text, seed));
    invalidate_current_thread_spans();
    match mutated.filter(|text| text.len() <= max_size) {
        Some(text) => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

fn check(text: &str) -> Corpus {
    let Some(tokens) = tokens(text) else {
        return Corpus::Reject;
    };
    // The compiler passes nothing else to a derive macro.
    let Ok(item) = syn::parse2::<DeriveInput>(tokens.clone()) else {
        return Corpus::Reject;
    };
    let outcome = if let Some((args, item)) = protocol(&item) {
        let outcome = pipeline::protocol(args, item);
        // The whole of the macro is its attribute: what lacks a key.
        are_on_tokens(&outcome, text, |error| error.span().byte_range().is_empty());
        outcome
    } else {
        let outcome = pipeline::frame(tokens);
        // The whole of the macro is `Frame` in the list of derives, which says nothing.
        are_on_tokens(&outcome, text, |_| false);
        outcome
    };
    are_items(outcome, text);
    Corpus::Keep
}

/// The tokens of a text that are not nested too deeply.
fn tokens(text: &str) -> Option<TokenStream> {
    let tokens: TokenStream = text.parse().ok()?;
    (depth(&tokens) <= DEEPEST).then_some(tokens)
}

fn depth(tokens: &TokenStream) -> usize {
    let mut deepest = 0;
    let mut open: Vec<(usize, TokenStream)> = vec![(0, tokens.clone())];
    while let Some((depth, tokens)) = open.pop() {
        deepest = deepest.max(depth);
        for tree in tokens {
            if let TokenTree::Group(group) = tree {
                open.push((depth + 1, group.stream()));
            }
        }
    }
    deepest
}

/// The arguments of `#[protocol(…)]`, if that is the first attribute of an item, and the item without it.
fn protocol(item: &DeriveInput) -> Option<(TokenStream, TokenStream)> {
    let mut item = item.clone();
    let first = (!item.attrs.is_empty()).then(|| item.attrs.remove(0))?;
    let is_protocol = |segment: &syn::PathSegment| segment.ident == "protocol";
    let path = first.path();
    if first.style != AttrStyle::Outer || !path.segments.last().is_some_and(is_protocol) {
        return None;
    }
    let args = match first.meta {
        Meta::List(list) => list.tokens,
        Meta::Path(_) => TokenStream::new(),
        Meta::NameValue(_) => return None,
    };
    Some((args, quote::quote!(#item)))
}

/// The errors are on tokens of the text, or `may_be` elsewhere.
fn are_on_tokens(outcome: &Outcome, text: &str, may_be: fn(&syn::Error) -> bool) {
    for error in outcome.errors.iter().flat_map(Clone::clone) {
        let range = error.span().byte_range();
        let token = text.get(range.clone()).unwrap_or_default();
        assert!(
            may_be(&error) || !token.trim().is_empty(),
            "{error} at {range:?} of {text}"
        );
    }
}

/// What comes out is what the compiler can read, with an error for each that was found.
fn are_items(outcome: Outcome, text: &str) {
    let found = outcome.errors.len();
    let tokens = outcome.into_tokens();
    let file = syn::parse2::<File>(tokens.clone());
    let file = file.unwrap_or_else(|error| panic!("{error} in {tokens} of {text}"));
    let reported = file.items.iter().filter(|item| is_error(item)).count();
    assert!(
        reported >= found,
        "{reported} of {found} errors in {tokens}"
    );
}

fn is_error(item: &Item) -> bool {
    let Item::Macro(item) = item else {
        return false;
    };
    let name = item.mac.path.segments.last();
    name.is_some_and(|name| name.ident == "compile_error")
}
