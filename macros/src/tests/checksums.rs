//! Checksums and what they cover.

use quote::quote;

use super::{assert_none, assert_one, request};

#[test]
fn a_checksum_says_what_it_covers() {
    for extent in [
        quote!(..),
        quote!(..=flag),
        quote!(flag),
        quote!(crc..),
        quote!(id..=crc),
    ] {
        assert_none(request(
            quote!(flag: u8, #[frame(over = #extent)] crc: Check<Crc32>, last: u8),
        ));
    }
    assert_one(
        request(quote!(crc: Check<Crc32>)),
        "`crc` requires a range to cover: add `#[frame(over = first..=last)]`",
    );
    for ty in [quote!(Check), quote!(Check<Crc32, u8>), quote!(Check<'a>)] {
        assert_one(
            request(quote!(#[frame(over = ..)] crc: #ty)),
            "a checksum needs an algorithm, such as `Check<Crc32>`",
        );
    }
    assert_one(
        request(quote!(#[frame(over = ..)] crc: u32)),
        "`over` is only valid on a `Check` field: write `crc: Check<Crc32>`",
    );
    assert_one(
        request(quote!(#[frame(len_of = .., over = ..)] crc: Check<Crc32>)),
        "`len_of` cannot be used on a `Check` field: use `over`",
    );
    assert_one(
        request(quote!(#[frame(over = flags)] crc: Check<Crc32>, flag: u8)),
        "no field `flags` in this frame, did you mean `flag`?",
    );
}

#[test]
fn a_checksum_says_nothing_else() {
    for key in [
        quote!(id),
        quote!(magic = 1),
        quote!(tag(1)),
        quote!(default = 1),
    ] {
        let word = key.to_string();
        let word = word.split([' ', '(']).next().unwrap_or_default();
        let message = format!(
            "`{word}` cannot be used on a `Check` field: its value is computed from the bytes it covers"
        );
        assert_one(
            request(quote!(#[frame(over = .., #key)] crc: Check<Crc32>)),
            &message,
        );
    }
}

#[test]
fn checksums_are_computed_one_after_the_other() {
    assert_none(request(quote! {
        #[frame(over = ..)] all: Check<Crc32>,
        #[frame(over = id)] head: Check<Crc32>,
        #[frame(over = head)] more: Check<Crc32>,
    }));
    assert_one(
        request(quote! {
            #[frame(over = b)] a: Check<Crc32>,
            #[frame(over = c)] b: Check<Crc32>,
            #[frame(over = a)] c: Check<Crc32>,
        }),
        "`c` covers a checksum that covers it: neither can be computed first",
    );
}

#[test]
fn what_is_covered_are_whole_fields() {
    let over = |extent| {
        request(quote! {
            flag: u8,
            #[frame(bits = 4)] high: u8,
            #[frame(bits = 4)] low: u8,
            #[frame(over = #extent)] crc: Check<Crc32>,
            #[frame(when(flag = 1))] one: u8,
            #[frame(when(flag = 1))] two: u8,
        })
    };
    for extent in [
        quote!(high..=low),
        quote!(one..=two),
        quote!(low),
        quote!(high),
    ] {
        let whole = over(extent.clone());
        assert_eq!(
            whole.is_empty(),
            extent.to_string().contains('.'),
            "{whole:?}"
        );
    }
    assert_one(
        over(quote!(low)),
        "`crc` covers fields from `low` on, which shares a byte with `high` before it: begin with the latter",
    );
    assert_one(
        over(quote!(high)),
        "`crc` covers fields up to `high`, which shares a byte with `low` after it: end with the latter",
    );
    assert_one(
        over(quote!(two)),
        "`crc` covers fields from `two` on, which is present only together with `one` before it: begin with the \
         latter",
    );
    assert_one(
        over(quote!(..=one)),
        "`crc` covers fields up to `one`, which is present only together with `two` after it: end with the latter",
    );
}
