//! Integers of variable width.

use quote::quote;

use super::{assert_none, assert_one, derive, keys, request};

#[test]
fn a_varint_is_a_field_like_another() {
    assert_none(request(quote! {
        a: Varint<u16>,
        #[frame(default = Zigzag::new(-1), header = "b")] b: Zigzag<i32>,
        #[frame(timeout)] c: meshwire::Varint<u64>,
        #[frame(len_of = name)] name_len: Len<Varint<u32>>,
        #[frame(len_of = d..)] rest_len: Len<Zigzag<i64>>,
        name: Text,
        d: u8,
        rest: Bytes,
    }));
    assert_none(derive(quote! {
        #[frame(response)]
        struct Pong { #[frame(len_of = id..)] all: Len<Varint<u32>>, #[frame(id)] id: Varint<u32>, body: Bytes }
    }));
}

#[test]
fn a_varint_has_the_value_of_an_integer() {
    let unsigned = "a `Varint` needs one of `u16`, `u32`, `u64` as its type: write `Varint<u32>`";
    let signed = "a `Zigzag` needs one of `i16`, `i32`, `i64` as its type: write `Zigzag<i32>`";
    for (ty, message) in [
        (quote!(Varint), unsigned),
        (quote!(Varint<u8>), unsigned),
        (quote!(Varint<i32>), unsigned),
        (quote!(Varint<Text>), unsigned),
        (quote!(Varint<U24>), unsigned),
        (quote!(Zigzag<u32>), signed),
        (quote!(Zigzag<i8>), signed),
    ] {
        assert_one(request(quote!(a: #ty)), message);
        let length = quote!(#[frame(len_of = body)] len: Len<#ty>, body: Bytes);
        assert_one(request(length), message);
    }
}

#[test]
fn a_varint_has_no_place_and_is_no_mark() {
    for (key, message) in [
        (
            quote!(magic = 1),
            "`magic` cannot be used on a varint: only a field of fixed width distinguishes protocols",
        ),
        (
            quote!(tag(1, 2)),
            "`tag` cannot be used on a varint: only a field of fixed width distinguishes frames",
        ),
        (
            quote!(bits = 3),
            "`bits` cannot be used on a varint: it has as many bytes of its own as its value needs",
        ),
        (
            quote!(id_copy),
            "`id_copy` cannot be used on a varint: the second place of the id has a fixed width",
        ),
        (
            quote!(when(flag = 1)),
            "`when` cannot be used on a varint: it is in every frame",
        ),
        (
            quote!(at = 5),
            "`at` cannot be used on a varint: it is not in the fixed part",
        ),
        (
            quote!(endian = little),
            "`endian` cannot be used on a varint: its lowest bits come first",
        ),
        (
            quote!(max = 5),
            "`max` cannot be used on a varint: its integer limits its length",
        ),
    ] {
        assert_one(
            request(quote!(flag: u8, #[frame(#key)] a: Varint<u32>)),
            message,
        );
    }
    assert_one(
        request(quote!(#[frame(len_of = a, endian = little)] a_len: Len<Varint<u32>>, a: Bytes)),
        "`endian` cannot be used on a varint: its lowest bits come first",
    );
    assert_one(
        request(quote!(a: Varint<u32>, #[frame(at = 5)] b: u8)),
        "`at` cannot be used on `b`: its offset varies from frame to frame",
    );
}

#[test]
fn a_varint_identifies_no_frame() {
    let fields = |frame| {
        derive(quote! {
            #frame
            struct Ping { #[frame(id)] id: u8, count: Varint<u32> }
        })
    };
    let why = "it is a varint, so use a field of fixed width";
    assert_one(
        fields(quote!(#[frame(request, oneway(count = 4))])),
        &format!("`count` cannot be used in `oneway`: {why}"),
    );
    assert_one(
        fields(quote!(#[frame(request, response(count = 4))])),
        &format!("`count` cannot be used in `response`: {why}"),
    );
    assert_one(
        request(quote!(count: Varint<u32>, #[frame(when(count = 1))] a: u8)),
        "`count` cannot decide whether `a` is present: use a fixed field before it that is in every frame",
    );
    assert_none(keys(quote!(request, oneway(flag = 4))));
}

#[test]
fn a_length_in_a_varint_covers_what_follows_it() {
    let message = "`len` covers itself, but the width of a varint depends on its value: begin with a field after it";
    for extent in [quote!(..), quote!(len..), quote!(id..=body)] {
        assert_one(
            request(quote!(#[frame(len_of = #extent)] len: Len<Varint<u32>>, body: Bytes)),
            message,
        );
    }
    assert_one(
        request(quote! {
            a: u8,
            #[frame(len_of = ..=a)] len: Len<Varint<u32>>,
            #[frame(len_of = body)] body_len: Len<u8>,
            body: Bytes,
        }),
        "`len` must come before the fields it measures",
    );
}

#[test]
fn what_a_varint_leaves_is_not_known_before_it() {
    assert_one(
        request(quote! {
            #[frame(len_of = ..)] len: Len<u32>,
            a: Bytes,
            b: Varint<u32>,
        }),
        "the size of `b` varies, so the length of `a` is unknown: `a` needs a length field",
    );
}
