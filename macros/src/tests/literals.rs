//! Literals as values of fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::{assert_at, assert_none, derive_at, request};

/// The errors of a request with this field after its id.
fn field(field: &str) -> Vec<(String, String)> {
    derive_at(&format!(
        "#[frame(request)] struct Ping {{ #[frame(id)] id: u32, {field} }}"
    ))
}

/// The errors of a request whose list of this key names a field of this type.
fn listed(list: &str, ty: &str) -> Vec<(String, String)> {
    derive_at(&format!(
        "#[frame(request, {list})]
        struct Ping {{
            #[frame(id)] id: u32,
            #[frame(len_of = body)] len: Len<u8>,
            body: Bytes,
            kind: {ty},
        }}"
    ))
}

#[test]
fn a_literal_with_one_meaning_is_a_value() {
    for fields in [
        quote!(#[frame(tag(1, 280))] a: U24),
        quote!(#[frame(default = 0xffff_ffff_ffff)] a: U48),
        quote!(#[frame(tag(200, 9999))] a: AsciiDecimal<4>),
        quote!(#[frame(magic = 20000)] a: AsciiDecimal<DIGITS>),
        quote!(#[frame(default = 5)] a: Varint<u16>),
        quote!(#[frame(default = -5)] a: Zigzag<i16>),
        quote!(#[frame(tag("REQ ", b"ONE ", *b"TWO ", [1, 2, 3, 4]))] a: [u8; 4]),
        quote!(#[frame(magic = "AB")] a: [u8; WIDTH]),
        quote!(#[frame(tag("", "acme"))] a: FixedStr<4>),
        quote!(#[frame(tag(-128, 127))] a: i8),
        quote!(#[frame(tag(b'a', b'b'))] a: u8),
        quote!(#[frame(magic = !0)] a: u8),
        quote!(#[frame(tag(1, 200))] a: Alias),
        quote!(a: U24, #[frame(when(a(1, 2)))] b: u8),
        quote!(a: [u8; 4], #[frame(when(a = "REQ "))] b: u8),
    ] {
        assert_none(request(fields));
    }
    assert_eq!(listed("heartbeat(kind = 280)", "U24"), []);
    assert_eq!(listed("oneway(kind = \"PING\")", "[u8; 4]"), []);
    assert_eq!(
        listed(
            "heartbeat(body(\"N\", b\"M\"), kind = 1)",
            "AsciiDecimal<2>"
        ),
        []
    );
}

#[test]
fn a_number_fits_its_field() {
    for (ty, value, least, most) in [
        ("u8", "256", "0", "255"),
        ("i8", "-129", "-128", "127"),
        ("u64", "-1", "0", "18446744073709551615"),
        (
            "i64",
            "9223372036854775808",
            "-9223372036854775808",
            "9223372036854775807",
        ),
        ("U24", "0x100_0000", "0", "16777215"),
        ("wire::U48", "281474976710656", "0", "281474976710655"),
        ("AsciiDecimal<4>", "10000", "0", "9999"),
        ("Varint<u16>", "65536", "0", "65535"),
        ("Zigzag<i16>", "-32769", "-32768", "32767"),
    ] {
        assert_at(
            field(&format!("#[frame(default = {value})] a: {ty}")),
            value,
            &format!("`{value}` does not fit into `a`: a `{ty}` holds {least} to {most}"),
        );
    }
    assert_at(
        listed("heartbeat(kind(1, 300))", "u8"),
        "300",
        "`300` does not fit into `kind`: a `u8` holds 0 to 255",
    );
}

#[test]
fn a_number_is_written_as_one() {
    for (value, instead) in [
        ("\"a\"", "b'a'"),
        ("'a'", "b'a'"),
        ("b\"a\"", "b'a'"),
        ("\"ab\"", "1"),
        ("1.5", "1"),
        ("true", "1"),
    ] {
        assert_at(
            field(&format!("#[frame(tag(1, {value}))] a: u8")),
            value,
            &format!(
                "`{value}` is not a number, and `a` is a `u8`: write a number, such as `{instead}`"
            ),
        );
    }
    assert_at(
        field("#[frame(bits = 1, default = true)] a: u8, #[frame(bits = 7)] b: u8"),
        "true",
        "`true` is not a number, and `a` is a `u8`: write a number, such as `1`",
    );
}

#[test]
fn bytes_are_as_many_as_their_field_has() {
    assert_at(
        field("#[frame(tag(\"REQ \", *b\"REQ\"))] a: [u8; 4]"),
        "*b\"REQ\"",
        "`*b\"REQ\"` has 3 bytes, and `a` has 4: write all 4, or `a: [u8; 3]`",
    );
    assert_at(
        field("#[frame(default = \"acme-bank\")] a: FixedStr<8, 0>"),
        "\"acme-bank\"",
        "`\"acme-bank\"` has 9 bytes, and `a` has 8: write at most 8, or `a: FixedStr<9>`",
    );
    for ty in ["FixedStr<8>", "FixedStr<8, b' '>", "FixedStr<8, 32>"] {
        assert_at(
            field(&format!("#[frame(default = \"acme \")] a: {ty}")),
            "\"acme \"",
            "`\"acme \"` ends with the padding of `a`, which is removed when it is read: leave it out",
        );
    }
    assert_at(
        field("#[frame(magic = 5)] a: [u8; 4]"),
        "5",
        "`5` is not a byte string, and `a` is a `[u8; 4]`: write its bytes, such as `b\"ABCD\"`",
    );
    assert_at(
        listed("heartbeat(body = 5)", "u8"),
        "5",
        "`5` is not a byte string, and `body` is `Bytes`: write its bytes, such as `b\"N\"`",
    );
}

#[test]
fn the_same_value_is_recognised_in_any_form() {
    for (tags, ty) in [("tag(\"A\", b\"A\")", "[u8; 1]"), ("tag(0x10, 16)", "U24")] {
        let errors = field(&format!("#[frame({tags})] a: {ty}"));
        assert_eq!(errors.len(), 1, "{tags}");
        assert!(errors[0].1.ends_with("is given twice"), "{errors:?}");
    }
    assert_at(
        field(
            "#[frame(tag(\"REQ\", \"ONE\"), header = \"kind\", read_only)] a: FixedStr<4>, #[frame(when(a = \"TWO\"))] b: u8",
        ),
        "\"TWO\"",
        "`a` is never `\"TWO\"`: its tags are \"REQ\", \"ONE\"",
    );
    assert_eq!(
        listed("heartbeat(kind = \"\\0\")", "[u8; 1]")[0].1,
        "a frame of default values would be a `heartbeat`: give `kind` another default, the value of an ordinary \
         frame"
    );
}

#[test]
fn an_array_is_one_of_bytes() {
    for (ty, refused) in [
        ("[u16; 4]", true),
        ("[[u8; 2]; 2]", true),
        ("[Byte; 4]", false),
    ] {
        let errors = field(&format!("a: {ty}"));
        let message = format!(
            "`{ty}` has no layout on the wire: an array must be of bytes, such as `[u8; 4]`"
        );
        let wanted = refused.then(|| (ty.to_owned(), message));
        assert_eq!(errors, Vec::from_iter(wanted));
    }
}

#[test]
fn a_field_of_an_unknown_type_says_its_start() {
    let start = |field: TokenStream| request(field);
    assert_none(start(quote!(#[frame(default = Inner { a: 1 })] a: Inner)));
    assert_at(
        field("a: meta::Inner"),
        "a",
        "`a` has no default value: add `#[frame(default = meta::Inner::…)]` if `meta::Inner` is a code enum; \
         declare the fields of a struct one by one, and write the type itself instead of an alias",
    );
}
