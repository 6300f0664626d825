//! The macros run in this process: errors by their text, expansions by golden files.

// An input is written where it is used: `request(quote!(…))`.
#![allow(clippy::needless_pass_by_value)]

mod checksums;
mod codes;
mod conditions;
mod expanded;
mod frame;
mod golden;
mod headers;
mod hygiene;
mod inputs;
mod keys;
mod layout;
mod lengths;
mod literals;
mod mistakes;
mod places;
mod protocol;
mod roles;
mod varints;

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::{self, Outcome};

/// The messages of the errors of an input, in order.
fn messages(outcome: &Outcome) -> Vec<String> {
    outcome.errors.iter().map(ToString::to_string).collect()
}

/// The errors of a derived item.
fn derive(input: TokenStream) -> Vec<String> {
    messages(&pipeline::frame(input))
}

/// The errors of a request that has an id and `fields`.
fn request(fields: TokenStream) -> Vec<String> {
    derive(quote! {
        #[frame(request)]
        struct Ping { #[frame(id)] id: u32, #fields }
    })
}

/// The errors of a frame with these keys, an id, a `kind` and a text.
fn keys(keys: TokenStream) -> Vec<String> {
    derive(quote! {
        #[frame(#keys)]
        struct Ping {
            #[frame(magic = 7)] mark: u8,
            #[frame(tag(1, 2))] kind: u8,
            flag: u8,
            #[frame(id)] id: u32,
            #[frame(len_of = name)] name_len: Len<u8>,
            name: Text,
        }
    })
}

/// The errors of an item that is written as its author would, each with the tokens that it points at.
fn derive_at(item: &str) -> Vec<(String, String)> {
    let item = item.parse().expect("an item is tokens");
    errors_at(&pipeline::frame(item))
}

fn errors_at(outcome: &Outcome) -> Vec<(String, String)> {
    let errors = outcome.errors.iter();
    let errors = errors.map(|error| {
        let tokens = error.span().source_text().unwrap_or_default();
        (tokens, error.to_string())
    });
    errors.collect()
}

/// Asserts that there is one error, where it is and what it says.
#[track_caller]
fn assert_at(errors: Vec<(String, String)>, tokens: &str, message: &str) {
    assert_eq!(errors, [(tokens.to_owned(), message.to_owned())]);
}

fn assert_none(errors: Vec<String>) {
    assert_eq!(errors, Vec::<String>::new());
}

/// Asserts that there is one error and what it says.
#[track_caller]
fn assert_one(errors: Vec<String>, message: &str) {
    assert_eq!(errors, [message]);
}
