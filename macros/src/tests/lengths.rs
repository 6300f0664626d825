//! Lengths and what they cover.

use quote::quote;

use super::{assert_none, assert_one, request};

#[test]
fn parts_and_lengths_pair_up() {
    assert_none(request(quote! {
        #[frame(len_of = class)] class_len: Len<u16>,
        #[frame(len_of = rest, endian = little)] rest_len: ::meshwire::Len<u32>,
        class: Text,
        #[frame(max = 1 << 20)] rest: meshwire::Bytes,
    }));
    assert_one(
        request(quote!(class: Text)),
        "`class` has no length field and none covers it: add one before it, such as `#[frame(len_of = class)] \
         class_len: Len<u32>`",
    );
    assert_one(
        request(quote! {
            #[frame(len_of = class)] a: Len<u16>,
            #[frame(len_of = class)] b: Len<u16>,
            class: Text,
        }),
        "`class` already has the length field `a`",
    );
}

#[test]
fn a_length_field_is_written_len() {
    assert_one(
        request(quote!(#[frame(len_of = class)] class_len: u16, class: Text)),
        "a length is computed, not stored: write `class_len: Len<u16>`",
    );
    assert_one(
        request(quote!(#[frame(len_of = class)] class_len: [u8; 3], class: Text)),
        "a length is computed, not stored: write `class_len: Len<u16>`",
    );
    assert_one(
        request(quote!(class_len: Len<u16>)),
        "`class_len` requires a part or a range to measure: add `#[frame(len_of = part)]`, or `len_of = \
         first..=last`",
    );
    for ty in [
        quote!(Len),
        quote!(Len<Text>),
        quote!(Len<u16, u16>),
        quote!(Len<usize>),
    ] {
        assert_one(
            request(quote!(#[frame(len_of = class)] class_len: #ty, class: Text)),
            "a length field needs an integer type, such as `Len<u16>` (`u8` to `u64`, `i8` to `i64`, `U24`, \
             `U48`, `AsciiDecimal<N>`, `Varint<u32>`)",
        );
    }
}

#[test]
fn a_part_is_no_length_field() {
    assert_one(
        request(quote! {
            #[frame(len_of = a)] a_len: Len<u8>,
            #[frame(len_of = b)] b_len: Len<u8>,
            #[frame(len_of = b)] a: Text,
            b: Text,
        }),
        "`len_of` is only valid on a `Len` field, not on a `Text`: write `b_len: Len<u16>`",
    );
}

#[test]
fn len_of_names_a_part() {
    let len = |part| {
        request(quote! {
            #[frame(len_of = class)] class_len: Len<u16>,
            #[frame(len_of = #part)] other_len: Len<u16>,
            class: Text,
        })
    };
    assert_one(
        len(quote!(clas)),
        "no field `clas` in this frame, expected `class`",
    );
    assert_one(
        len(quote!(id)),
        "`id` is not a part: only a `Text`, `Bytes` or `HeaderMap` has a length field",
    );
    assert_one(
        len(quote!(other_len)),
        "`other_len` is not a part: only a `Text`, `Bytes` or `HeaderMap` has a length field",
    );
}

#[test]
fn a_length_field_says_nothing_else() {
    for (key, word) in [
        (quote!(id), "id"),
        (quote!(magic = 1), "magic"),
        (quote!(tag(1)), "tag"),
        (quote!(default = 1), "default"),
    ] {
        let errors = request(quote!(#[frame(len_of = a, #key)] a_len: Len<u16>, a: Text));
        let message = format!(
            "`{word}` cannot be used on a `Len` field: its value is computed from the fields it covers"
        );
        assert_one(errors, &message);
    }
    assert_one(
        request(quote!(#[frame(len_of = a, max = 9)] a_len: Len<u16>, a: Text)),
        "`max` cannot be used on a `Len` field: it limits the part, so write it there",
    );
}

#[test]
fn a_length_comes_before_what_it_measures() {
    assert_none(request(quote! {
        #[frame(len_of = a)] a_len: Len<u16>,
        a: Text,
        crc: u32,
        #[frame(len_of = b)] b_len: Len<u16>,
        b: Text,
    }));
    assert_one(
        request(quote! {
            a: Text,
            #[frame(len_of = a)] a_len: Len<u16>,
        }),
        "`a_len` must come before `a`, the part it measures",
    );
    assert_one(
        request(quote! {
            #[frame(len_of = a)] a_len: Len<u16>,
            a: Text,
            #[frame(len_of = a..=b)] len: Len<u16>,
            b: Text,
        }),
        "`len` must come before `a`, the part it measures",
    );
    assert_one(
        request(quote!(#[frame(len_of = ..=id)] len: Len<u16>)),
        "`len` must come before the fields it measures",
    );
}

#[test]
fn a_length_measures_several_fields() {
    for extent in [
        quote!(..),
        quote!(len..),
        quote!(flag..=b),
        quote!(a..),
        quote!(id..=b),
    ] {
        assert_none(request(quote! {
            #[frame(len_of = #extent)] len: Len<u16>,
            flag: u8,
            #[frame(len_of = a)] a_len: Len<u8>,
            a: Text,
            b: Bytes,
        }));
    }
    let len = |extent| request(quote!(#[frame(len_of = #extent)] len: Len<u16>, a: u8, b: Text));
    assert_one(
        len(quote!(b..=a)),
        "`a` comes before `b`: write the first field before `..=`",
    );
    assert_one(len(quote!(a..=c)), "no field `c` in this frame");
    assert_one(
        len(quote!(lenn..)),
        "no field `lenn` in this frame, did you mean `len`?",
    );
    assert_one(
        len(quote!(a..b)),
        "write `..=`: the range includes its last field",
    );
    for extent in [quote!(3), quote!(a..=3), quote!("a"), quote!(..=)] {
        assert_one(len(extent), "`len_of` is written `len_of = part`");
    }
}

#[test]
fn a_length_ends_where_fixed_fields_end() {
    let error = "`len` covers fields up to `b`, which the fixed field `c` follows directly: end with the last fixed field, \
     or with a part";
    assert_one(
        request(quote! {
            #[frame(len_of = len..=b)] len: Len<u16>,
            #[frame(len_of = a)] a_len: Len<u8>,
            a: Text,
            b: u8,
            c: u8,
        }),
        error,
    );
}

#[test]
fn lengths_are_apart_or_inside_each_other() {
    let lengths = |first, second| {
        request(quote! {
            #[frame(len_of = #first)] one: Len<u16>,
            #[frame(len_of = #second)] two: Len<u16>,
            #[frame(len_of = a)] a_len: Len<u8>,
            #[frame(len_of = b)] b_len: Len<u8>,
            a: Bytes,
            b: Bytes,
            c: Bytes,
        })
    };
    assert_none(lengths(quote!(a..=b), quote!(c..)));
    assert_none(lengths(quote!(a..=b), quote!(..)));
    assert_none(lengths(quote!(..), quote!(b..)));
    assert_one(
        lengths(quote!(a..=b), quote!(b..)),
        "`two` and `one` overlap: a length covers all fields of another one, or none",
    );
}

#[test]
fn an_outer_length_is_known_first() {
    let fields = |inner| {
        request(quote! {
            flag: u8,
            #[frame(len_of = flag..=#inner)] inner: Len<u8>,
            #[frame(when(flag = 1))] more: u8,
            #[frame(len_of = ..)] outer: Len<u8>,
            #[frame(len_of = a)] a_len: Len<u8>,
            a: Bytes,
            b: Bytes,
        })
    };
    assert_none(fields(quote!(more)));
    assert_one(
        fields(quote!(a)),
        "`outer` covers all fields of `inner`, so it must come before it",
    );
}

#[test]
fn one_part_has_what_is_left() {
    let fields = |behind| {
        request(quote! {
            #[frame(len_of = id..=b)] len: Len<u16>,
            flag: u8,
            a: Text,
            #behind
        })
    };
    assert_none(fields(quote!(b: u32)));
    assert_none(fields(quote!(#[frame(when(flag = 1))] b: u32)));
    for (behind, who) in [
        (quote!(b: Text), "one of them"),
        (
            quote!(#[frame(len_of = b)] n: Len<u8>, b: Text),
            "one of them",
        ),
        (quote!(late: u8, #[frame(when(late = 1))] b: u32), "`a`"),
    ] {
        let message = format!(
            "the size of `b` varies, so the length of `a` is unknown: {who} needs a length field"
        );
        assert_one(fields(behind), &message);
    }
    // What follows the length does not matter to it.
    assert_none(request(quote! {
        #[frame(len_of = id..=b)] len: Len<u16>,
        #[frame(len_of = c)] c_len: Len<u16>,
        a: Text,
        b: u32,
        c: Text,
    }));
}

#[test]
fn units_are_filled_up_in_the_last_part() {
    assert_none(request(quote! {
        #[frame(len_of = a, unit = 4)] a_len: Len<u16>,
        #[frame(len_of = b..=c, unit = WORD)] len: Len<u16>,
        a: Text,
        b: u8,
        c: Bytes,
    }));
    for (fields, last) in [
        (
            quote!(#[frame(len_of = a..=b, unit = 4)] len: Len<u8>, a: Text, b: u8),
            "b",
        ),
        (
            quote! {
                #[frame(len_of = len..=a, unit = 4)] len: Len<u8>,
                #[frame(len_of = a)] a_len: Len<u8>,
                a: Text,
            },
            "a",
        ),
        (
            quote! {
                #[frame(len_of = len..=b, unit = 4)] len: Len<u8>,
                #[frame(len_of = a..=b)] inner: Len<u8>,
                a: u8,
                b: Text,
            },
            "b",
        ),
    ] {
        let message = format!(
            "`unit` requires a part without a length field as the last field, to be padded: `{last}` cannot be \
             padded"
        );
        assert_one(request(fields), &message);
    }
    assert_one(
        request(quote!(#[frame(unit = 4)] a: u8)),
        "`unit` is only valid on a `Len` field",
    );
}
