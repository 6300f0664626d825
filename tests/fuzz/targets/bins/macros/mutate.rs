//! Items of Rust with other tokens in them.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::names::{BUILT_IN, INTS, NOT_ON_THE_WIRE};
use crate::names::{CodesKey, FieldKey, FrameKey, Keys, ProtocolKey, VariantKey};

/// What authors write, or might.
const SNIPPETS: &[&str] = &[
    "#[frame(id)]",
    "#[frame(body)]",
    "#[frame(headers)]",
    "#[frame(status)]",
    "#[frame(tag(1, 2))]",
    "#[frame(magic = 0xAB)]",
    "#[frame(default)]",
    "#[doc = \"x\"]",
    "#[cfg(all())]",
    "id: u32,",
    "#[frame(len_of = body)] body_len: Len<u16>,",
    "#[frame(body)] body: Bytes,",
    "#[frame(over = ..=body)] crc: Check<Crc32>,",
    "#[frame(bits = 3)] low: u8,",
    "Bytes",
    "Text",
    "HeaderMap",
    "Len<u16>",
    "Len<Varint<u32>>",
    "Check<Crc32>",
    "AsciiDecimal<3>",
    "FixedStr<4>",
    "Varint<u32>",
    "Zigzag<i64>",
    "U24",
    "[u8; 4]",
    "[u8; 16]",
    "[u8; N]",
    "Self",
    "a::b::C<D>",
    "&'a str",
    "(u8, u16)",
    "fn() -> u8",
    "dyn A + 'b",
    "<T: Copy, const N: usize>",
    "where T: Copy",
    "pub(crate)",
    "r#type",
    "-1",
    "0",
    "1",
    "255",
    "256",
    "65536",
    "0xffff_ffff",
    "18446744073709551615",
    "340282366920938463463374607431768211455",
    "1.5",
    "7u8",
    "1usize",
    "\"x-acme\"",
    "\"\"",
    "b\"ab\"",
    "c\"ab\"",
    "'a'",
    "b'a'",
    "true",
    "..",
    "..=",
    "=>",
    "=",
    ",",
    "_",
    "|",
    "200 => 0",
    "_ => 1",
    "= 3",
    "struct",
    "enum",
    "union",
];

/// An item with a few changes; `None` if the text has no tokens.
pub(super) fn item(text: &str, seed: u32) -> Option<String> {
    let mut trees: Vec<TokenTree> = super::tokens(text)?.into_iter().collect();
    let mut rng = Rng::with_seed(seed.into());
    for _ in 0..rng.usize(1..=3) {
        let other = pick(&trees, &mut rng)?;
        let snippet = snippet(&mut rng);
        let at = rng.usize(0..count(&trees).max(1));
        trees = change(trees, &mut { at }, &mut |list, at| {
            edit(list, at, &snippet, &other, &mut rng);
        });
    }
    Some(trees.into_iter().collect::<TokenStream>().to_string())
}

/// How many tokens there are, those in groups too.
fn count(trees: &[TokenTree]) -> usize {
    let inner = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => count(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => 0,
    };
    trees.iter().map(|tree| 1 + inner(tree)).sum()
}

/// One token of all.
fn pick(trees: &[TokenTree], rng: &mut Rng) -> Option<TokenTree> {
    let tree = rng.choice(trees)?;
    match tree {
        TokenTree::Group(group) if rng.u8(..) < 200 => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            pick(&inner, rng).or_else(|| Some(tree.clone()))
        }
        _ => Some(tree.clone()),
    }
}

/// Applies a change to the list in which a token is, which is counted down to.
fn change(
    trees: Vec<TokenTree>,
    at: &mut usize,
    edit: &mut impl FnMut(&mut Vec<TokenTree>, usize),
) -> Vec<TokenTree> {
    let mut list = trees;
    let mut here = None;
    for (place, tree) in list.iter_mut().enumerate() {
        if *at == 0 {
            here = Some(place);
            *at = usize::MAX;
            break;
        }
        *at -= 1;
        if let TokenTree::Group(group) = tree {
            let inner = change(group.stream().into_iter().collect(), at, edit);
            let mut changed = Group::new(group.delimiter(), inner.into_iter().collect());
            changed.set_span(group.span());
            *tree = changed.into();
            if *at == usize::MAX {
                return list;
            }
        }
    }
    if let Some(here) = here {
        edit(&mut list, here);
    }
    list
}

fn edit(
    list: &mut Vec<TokenTree>,
    at: usize,
    snippet: &[TokenTree],
    other: &TokenTree,
    rng: &mut Rng,
) {
    match rng.u8(0..10) {
        0 => drop(list.remove(at)),
        1 => list.insert(at, list[at].clone()),
        2 => drop(list.splice(at..=at, snippet.iter().cloned())),
        3 | 4 => drop(list.splice(at..at, snippet.iter().cloned())),
        5 => list[at] = other.clone(),
        6 => list.insert(at, other.clone()),
        7 => {
            let with = rng.usize(0..list.len());
            list.swap(at, with);
        }
        8 => {
            // A run of tokens, such as a field with its attributes, once more.
            let end = rng.usize(at..list.len());
            let run: Vec<_> = list[at..=end].to_vec();
            list.splice(at..at, run);
        }
        _ => {
            let delimiters = [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket];
            let delimiter = delimiters[rng.usize(0..delimiters.len())];
            list[at] = match &list[at] {
                TokenTree::Group(group) => Group::new(delimiter, group.stream()).into(),
                tree => Group::new(delimiter, tree.clone().into()).into(),
            };
        }
    }
}

/// Tokens that mean something to the macros.
fn snippet(rng: &mut Rng) -> Vec<TokenTree> {
    let text = match rng.u8(0..9) {
        0..4 => SNIPPETS[rng.usize(0..SNIPPETS.len())],
        4 => form::<FieldKey>(rng),
        5 => form::<FrameKey>(rng),
        6 => form::<ProtocolKey>(rng),
        7 if rng.bool() => form::<CodesKey>(rng),
        7 => form::<VariantKey>(rng),
        _ => {
            let words = [INTS, BUILT_IN].concat();
            let others: Vec<&str> = NOT_ON_THE_WIRE.iter().map(|(name, _)| *name).collect();
            let words = [words, others].concat();
            words[rng.usize(0..words.len())]
        }
    };
    // Forms have an ellipsis where there may be more.
    let text = text.replace('…', "");
    text.parse::<TokenStream>()
        .map_or_else(|_| Vec::new(), |tokens| tokens.into_iter().collect())
}

/// A key with its value.
fn form<K: Keys>(rng: &mut Rng) -> &'static str {
    K::TABLE[rng.usize(0..K::TABLE.len())].form
}
