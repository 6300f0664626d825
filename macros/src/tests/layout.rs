//! Fields by themselves and in their order.

use quote::quote;

use super::{assert_none, assert_one, request};

#[test]
fn a_part_is_no_number() {
    for (key, message) in [
        (
            quote!(magic = 1),
            "`magic` cannot be used on a `Text`: only a fixed field has a constant value",
        ),
        (
            quote!(tag = 1),
            "`tag` cannot be used on a `Text`: only a fixed field has a constant value",
        ),
        (
            quote!(default = ""),
            "`default` cannot be used on a `Text`: a part starts empty",
        ),
        (
            quote!(at = 4),
            "`at` cannot be used on a `Text`: it starts where the fields before it end",
        ),
        (
            quote!(endian = little),
            "`endian` is only valid on an integer of several bytes, a byte array, a `FixedStr`, a code enum, a \
             `Len` field or a `Check` field",
        ),
    ] {
        assert_one(
            request(quote!(#[frame(len_of = a)] a_len: Len<u16>, #[frame(#key)] a: Text)),
            message,
        );
    }
}

#[test]
fn a_fixed_field_has_a_fixed_length() {
    assert_one(
        request(quote!(#[frame(max = 4)] a: u16)),
        "`max` is only valid on a `Text`, `Bytes` or a `HeaderMap`",
    );
    assert_one(
        request(quote!(#[frame(endian = little)] a: u8)),
        "`endian` cannot be used on a single byte: one byte has no order",
    );
    assert_one(
        request(quote!(#[frame(endian = little)] a: AsciiDecimal<4>)),
        "`endian` cannot be used on `AsciiDecimal`: the first digit is the highest",
    );
}

#[test]
fn one_key_says_the_value() {
    assert_one(
        request(quote!(#[frame(magic = 4, tag(1))] a: u16)),
        "`tag` cannot be used with `magic`: a `magic` field has only one value",
    );
    assert_one(
        request(quote!(#[frame(magic = 4, default = 4)] a: u16)),
        "`default` cannot be used with `magic`: the `magic` is the default",
    );
    assert_one(
        request(quote!(#[frame(tag = 4, default = 4)] a: u16)),
        "`default` cannot be used with `tag`: the first value of `tag` is the default",
    );
}

#[test]
fn a_field_has_a_name_of_its_own() {
    assert_one(
        request(quote!(a: u8, A: u8)),
        "`A` differs from the field `a` only in case: give it another name",
    );
    assert_one(
        request(quote!(__head: u8)),
        "`__head` cannot begin with `__`, which is reserved for generated names: write `head`",
    );
}

#[test]
fn a_code_enum_has_a_default() {
    assert_one(
        request(quote!(a: Codec)),
        "`a` has no default value: add `#[frame(default = Codec::…)]` if `Codec` is a code enum; declare the \
         fields of a struct one by one, and write the type itself instead of an alias",
    );
    assert_none(request(quote!(#[frame(tag(Kind::A))] a: Kind, b: [u8; 4])));
}

#[test]
fn tags_are_distinct() {
    assert_one(
        request(quote!(#[frame(tag())] a: u16)),
        "`tag` needs at least one value: `tag(value, …)`",
    );
    assert_one(
        request(quote!(#[frame(tag(1, 0x1))] a: u16)),
        "the tag `0x1` is given twice",
    );
    assert_one(
        request(quote!(#[frame(tag(Kind::A, Kind::A))] a: Kind)),
        "the tag `Kind::A` is given twice",
    );
    assert_none(request(quote!(#[frame(tag(1, -1))] a: i16)));
}

#[test]
fn a_type_has_a_layout() {
    for (ty, message) in [
        (
            quote!(String),
            "`String` has no layout on the wire: write `Text`",
        ),
        (
            quote!(Vec<u8>),
            "`Vec` has no layout on the wire: write `Bytes`",
        ),
        (
            quote!(std::collections::HashMap<String, String>),
            "`HashMap` has no layout on the wire: write `HeaderMap`",
        ),
        (
            quote!(usize),
            "`usize` has no layout on the wire: write an integer of a stated width, such as `u32`",
        ),
        (
            quote!(bool),
            "`bool` has no layout on the wire: write `u8` or a code enum",
        ),
        (
            quote!(&'static str),
            "a frame owns its parts: write `Text`, `Bytes` or `HeaderMap`; the generated view borrows",
        ),
        (quote!((u8, u8)), "`(u8 , u8)` has no layout on the wire"),
    ] {
        assert_one(request(quote!(a: #ty)), message);
    }
}
