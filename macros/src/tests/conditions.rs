//! Fields that are not in every frame, and fields of bits.

use proc_macro2::TokenStream;
use quote::quote;

use super::{assert_none, assert_one, derive, request};

/// The errors of a field that is there when `when` says so.
fn when(when: TokenStream) -> Vec<String> {
    request(quote! {
        #[frame(magic = 7)] mark: u8,
        #[frame(tag(1, 2))] kind: u8,
        flag: u8,
        #[frame(when(flag = 1))] seldom: u8,
        #[frame(len_of = name)] name_len: Len<u8>,
        name: Bytes,
        #[frame(#when)] last: u8,
        behind: u8,
    })
}

#[test]
fn a_field_is_there_by_fields_before_it() {
    assert_none(when(quote!(when(flag = 1, kind(1, 2)))));
    for field in ["seldom", "name_len", "name", "last", "behind"] {
        let ident = quote::format_ident!("{field}");
        let message = format!(
            "`{field}` cannot decide whether `last` is present: use a fixed field before it that is in every \
             frame"
        );
        assert_one(when(quote!(when(#ident = 1))), &message);
    }
    assert_one(
        when(quote!(when(id = 1))),
        "`id` cannot be used in `when`: it is the id, which differs in every frame",
    );
    assert_one(
        when(quote!(when(mark = 7))),
        "`mark` cannot be used in `when`: it is a magic, the same in every frame",
    );
    assert_one(
        when(quote!(when(flags = 7))),
        "no field `flags` in this frame, did you mean `flag`?",
    );
}

#[test]
fn conditions_are_lists_of_values() {
    assert_one(
        when(quote!(when())),
        "`when` needs at least one value: `when(field = value)`",
    );
    assert_one(
        when(quote!(when(flag = 1, flag = 2))),
        "`flag` is given twice in `when`",
    );
    assert_one(
        when(quote!(when(flag(1, 2, 0x1)))),
        "the value `0x1` is given twice",
    );
    assert_one(
        when(quote!(when(kind(1, 3)))),
        "`kind` is never `3`: its tags are 1, 2",
    );
    assert_one(
        when(quote!(when(flag()))),
        "`flag` has no value here: write `flag = value`",
    );
    for list in [quote!(when = flag), quote!(when), quote!(when(flag))] {
        assert_one(when(list), "`when` is written `when(field = value, …)`");
    }
}

#[test]
fn some_fields_are_in_every_frame() {
    assert_one(
        when(quote!(when(flag = 1), id_copy)),
        "`when` cannot be used with `id_copy`: such a field must be in every frame",
    );
    assert_none(when(quote!(when(flag = 1), header = "last")));
    assert_one(
        derive(quote! {
            #[frame(request)] struct Ping { flag: u8, #[frame(id, when(flag = 1))] id: u8 }
        }),
        "`when` cannot be used with `id`: such a field must be in every frame",
    );
    let errors = request(quote! {
        flag: u8,
        #[frame(len_of = a, when(flag = 1))] a_len: Len<Varint<u16>>,
        #[frame(when(flag = 1))] a: Text,
        #[frame(len_of = b, when(flag = 1))] b_len: Len<u8>,
        #[frame(when(flag = 1))] b: HeaderMap,
    });
    assert_eq!(
        errors,
        [
            "`when` cannot be used on a varint: it is in every frame",
            "`when` cannot be used on a `HeaderMap`: it can be empty instead",
        ]
    );
}

#[test]
fn a_place_is_pinned_where_it_is_always_the_same() {
    assert_one(
        when(quote!(at = 12)),
        "`at` cannot be used on `last`: its offset varies from frame to frame",
    );
    assert_one(
        request(quote! {
            flag: u8,
            #[frame(when(flag = 1))] seldom: u8,
            #[frame(at = 6)] behind: u8,
        }),
        "`at` cannot be used on `behind`: its offset varies from frame to frame",
    );
}

fn bits(fields: TokenStream) -> Vec<String> {
    request(fields)
}

#[test]
fn bits_fill_whole_bytes() {
    assert_none(bits(quote! {
        #[frame(bits = 1, tag(0, 1))] a: u8,
        #[frame(bits = 0x7)] b: u16,
        #[frame(bits = 24, endian = little)] c: U24,
        #[frame(bits = 1, default = Codec::A)] d: Codec,
        #[frame(bits = 63)] e: u64,
    }));
    let message = "the bits from `b` on do not fill 1 to 8 whole bytes: declare unused bits, too";
    for fields in [
        quote!(#[frame(bits = 7)] b: u8),
        quote!(#[frame(bits = 7)] b: u8, c: u8),
        quote!(#[frame(bits = 1)] b: u64, #[frame(bits = 64)] c: u64),
        quote!(#[frame(bits = 4)] b: u8, #[frame(bits = 4, when(id_kind = 1))] c: u8, id_kind: u8),
    ] {
        let errors = bits(quote!(a: u8, #fields));
        assert!(errors.contains(&message.to_owned()), "{errors:#?}");
    }
    for count in [quote!(0), quote!(65), quote!(-1), quote!(N), quote!(4 + 4)] {
        assert_one(
            bits(quote!(#[frame(bits = #count)] a: u8)),
            "expected a number of bits from 1 to 64",
        );
    }
}

#[test]
fn bits_are_a_number() {
    for ty in [
        quote!(i8),
        quote!(AsciiDecimal<2>),
        quote!([u8; 2]),
        quote!(FixedStr<2>),
    ] {
        assert_one(
            bits(quote!(#[frame(bits = 8)] a: #ty)),
            "`bits` is only valid on an unsigned integer or a code enum",
        );
    }
}

#[test]
fn bits_that_share_their_bytes_have_one_order() {
    assert_none(bits(
        quote!(#[frame(bits = 4, endian = little)] a: u8, #[frame(bits = 12)] b: u16),
    ));
    assert_one(
        bits(quote!(#[frame(bits = 4)] a: u8, #[frame(bits = 12, endian = little)] b: u16)),
        "`b` shares its bytes with `a`: write `endian` on the latter",
    );
}

#[test]
fn a_value_fits_into_its_bits() {
    for key in [quote!(magic = 16), quote!(tag(1, 16)), quote!(default = 16)] {
        assert_one(
            bits(quote!(#[frame(bits = 4, #key)] a: u8, #[frame(bits = 4)] b: u8)),
            "`16` does not fit into the 4 bits of `a`",
        );
    }
    assert_one(
        derive(quote! {
            #[frame(request, heartbeat(a = 0x10))]
            struct Ping { #[frame(bits = 4)] a: u8, #[frame(bits = 4)] b: u8, #[frame(id)] id: u8 }
        }),
        "`0x10` does not fit into the 4 bits of `a`",
    );
}
