//! Keys: unknown, misplaced, doubled, misspelt.

use quote::quote;

use super::{assert_none, assert_one, derive, keys, request};

#[test]
fn an_unknown_key_lists_the_known() {
    assert_one(
        keys(quote!(reqest)),
        "unknown key `reqest` on a frame, expected one of `request`, `response`, `heartbeat`, `heartbeat_ack`, \
         `oneway`, `verbatim`, `local`, `from`, `endian`, `max`, `size`, `entry`, `pad`, `crate`; did you mean `request`?",
    );
    assert_one(
        request(quote!(#[frame(checksum = 3, at = 4)] a: u8)),
        "unknown key `checksum` on a field of a frame, expected one of `magic`, `tag`, `default`, `id`, \
         `timeout`, `status`, `headers`, `body`, `kind`, `reason`, `key`, `value`, `id_copy`, `echo`, `format`, `with`, `inputs`, `header`, `as`, \
         `read_only`, `timeout_key`, `len_of`, `null`, `unit`, `until`, `over`, `bits`, `flag`, `when`, `at`, `max`, `endian`",
    );
}

#[test]
fn a_key_of_another_place_says_where_it_belongs() {
    assert_one(
        request(quote!(#[frame(heartbeat(id = 0))] a: u8)),
        "`heartbeat` cannot be used on a field of a frame: it belongs on a frame, as \
         `#[frame(heartbeat(field = value, …))]`",
    );
    assert_one(
        keys(quote!(request, magic = 3)),
        "`magic` cannot be used on a frame: it belongs on a field of a frame, as `#[frame(magic = value)]`",
    );
    assert_one(
        keys(quote!(request, keep_alive = none)),
        "`keep_alive` cannot be used on a frame: it belongs on a protocol, as \
         `#[protocol(keep_alive = none)]`",
    );
}

#[test]
fn a_key_is_given_once() {
    assert_one(
        keys(quote!(request, max = 3, max = 4)),
        "`max` is given twice",
    );
    assert_one(
        request(quote!(#[frame(default = 3)] #[frame(default = 4)] a: u8)),
        "`default` is given twice",
    );
    assert_one(
        derive(quote! { #[frame(request)] struct A { #[frame(id, id)] a: u8 } }),
        "`id` is given twice",
    );
}

#[test]
fn a_key_shows_its_form() {
    for (field, message) in [
        (
            quote!(#[frame(at 5)] a: u8),
            "`at` is written `at = offset`",
        ),
        (
            quote!(#[frame(tag)] a: u8),
            "`tag` is written `tag(value, …)`",
        ),
        (
            quote!(#[frame(len_of = 4)] a: Len<u8>),
            "`len_of` is written `len_of = part`",
        ),
        (
            quote!(#[frame(timeout = 4)] a: u8),
            "`timeout` takes no value",
        ),
        (quote!(#[frame(kind = 4)] a: u8), "`kind` takes no value"),
        (
            quote!(#[frame(id_copy = id)] a: u8),
            "`id_copy` takes no value",
        ),
        (
            quote!(#[frame(header = "a", read_only = true)] a: u8),
            "`read_only` takes no value",
        ),
        (
            quote!(#[frame(bits(3))] a: u8),
            "`bits` is written `bits = count`",
        ),
        (
            quote!(#[frame(unit)] a: Len<u8>),
            "`unit` is written `unit = bytes`",
        ),
        (
            quote!(#[frame(with)] a: Bytes),
            "`with` is written `with = Type`",
        ),
        (
            quote!(#[frame(over(..))] a: Check<Crc32>),
            "`over` is written `over = ..=field`",
        ),
        (
            quote!(#[frame(timeout_key = ms)] a: HeaderMap),
            "`timeout_key` is written `timeout_key = \"name\"`",
        ),
        (
            quote!(#[frame(at = 4 default = 1)] a: u8),
            "expected `,` after `at = offset`",
        ),
        (quote!(#[frame] a: u8), "expected `#[frame(…)]`"),
        (quote!(#[frame = 3] a: u8), "expected `#[frame(…)]`"),
    ] {
        assert_one(request(field), message);
    }
    assert_one(
        keys(quote!(request, heartbeat)),
        "`heartbeat` is written `heartbeat(field = value, …)`",
    );
    assert_one(
        keys(quote!(request, heartbeat(flag))),
        "`heartbeat` is written `heartbeat(field = value, …)`",
    );
}

#[test]
fn a_word_is_one_of_a_few() {
    assert_one(
        keys(quote!(request, endian = litle)),
        "unknown value `litle` of `endian`, expected one of `big`, `little`; did you mean `little`?",
    );
}

#[test]
fn every_bad_key_is_reported() {
    let errors = derive(quote! {
        #[frame(reqest, size = 22, size = 23, endian = middle)]
        struct Ping {
            #[frame(idd, at = 0)]
            id: u32,
            #[frame(at 4, defualt = -1)]
            timeout: i32,
        }
    });
    assert_eq!(errors.len(), 6, "{errors:#?}");
}

#[test]
fn values_are_expressions() {
    assert_none(request(quote! {
        #[frame(default = Codec::Hessian, at = 2 + 2)] codec: Codec,
        #[frame(tag(b'a', b'b'))] kind: u8,
        #[frame(magic = [0xda, 0xbb])] mark: [u8; 2],
        #[frame(timeout, default = -1)] timeout: i32,
        #[frame(default = { const A: u8 = 3; A },)] last: u8,
    }));
}
