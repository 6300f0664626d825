//! Where errors are: each at a token of the author.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use super::errors_at;
use crate::pipeline::{self, Outcome};

/// Errors about what is missing are at the attribute as a whole.
const MISSING: &str = "a protocol needs `";

#[test]
fn every_error_is_at_a_token_of_the_author() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The file that only a published package has: the cases stay in the repository, they are two megabytes.
    if package.join(".cargo_vcs_info.json").exists() {
        return;
    }
    let mut seen = 0;
    for file in files(&package.join("../tests/ui")) {
        let text = fs::read_to_string(&file).expect("a case can be read");
        let parsed = syn::parse_file(&text).expect("a case is Rust");
        for outcome in parsed.items.iter().filter_map(expanded) {
            for (tokens, message) in errors_at(&outcome) {
                let known = !tokens.is_empty() && text.contains(&tokens);
                let known = known || message.starts_with(MISSING);
                assert!(known, "{}: {message}", file.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen} errors were seen");
}

/// What a macro makes of an item, if it is for one.
fn expanded(item: &Item) -> Option<Outcome> {
    let attrs = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        _ => return None,
    };
    let frame = attrs.iter().any(|attr| attr.path().is_ident("frame"));
    let codes = attrs.iter().any(|attr| attr.path().is_ident("repr"));
    if let Some(args) = attrs.iter().find_map(protocol) {
        Some(pipeline::protocol(args, item.to_token_stream()))
    } else if frame || codes {
        Some(pipeline::frame(item.to_token_stream()))
    } else {
        None
    }
}

fn protocol(attr: &Attribute) -> Option<TokenStream> {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("protocol") => Some(list.tokens.clone()),
        _ => None,
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the cases are part of the repository") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
