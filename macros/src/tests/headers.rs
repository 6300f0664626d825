//! Fields among the headers.

use quote::quote;

use super::{assert_none, assert_one, derive, request};

#[test]
fn texts_and_numbers_are_shown() {
    assert_none(request(quote! {
        #[frame(header = "a")] a: u32,
        #[frame(header = "b", read_only)] b: FixedStr<8, 0>,
        #[frame(header = "c")] c: AsciiDecimal<4>,
        #[frame(len_of = d)] d_len: Len<u8>,
        #[frame(header = "d")] d: Text,
    }));
    let message = "`header` is only valid on an integer, a varint, a byte array, a `FixedStr`, a code enum, a `Text` or `Bytes`";
    for ty in [quote!(HeaderMap), quote!(Len<u8>)] {
        let errors = request(quote! {
            #[frame(len_of = a..)] n: Len<u8>,
            #[frame(header = "a", default = A)] a: #ty,
            b: Text,
        });
        assert!(errors.contains(&message.to_owned()), "{errors:#?}");
    }
    for value in [quote!(a), quote!(3)] {
        assert_one(
            request(quote!(#[frame(header = #value)] a: u8)),
            "`header` is written `header = \"name\"`",
        );
    }
    assert_one(
        request(quote!(#[frame(header("a"))] a: u8)),
        "`header` is written `header = \"name\"`",
    );
}

#[test]
fn a_header_has_a_name_of_its_own() {
    assert_one(
        request(quote!(#[frame(header = "")] a: u8)),
        "the name of a header cannot be empty",
    );
    assert_one(
        request(quote!(#[frame(header = "a")] a: u8, #[frame(header = "a")] b: u8)),
        "the header `a` is already in another field of this frame",
    );
    assert_one(
        request(quote!(#[frame(read_only)] a: u8)),
        "`read_only` requires `header = \"name\"` on the same field",
    );
}

#[test]
fn the_id_is_no_header() {
    let message = "`header` cannot be used on the id: the host sets the id";
    assert_one(
        request(quote!(#[frame(id_copy, header = "a")] a: u8)),
        message,
    );
    assert_one(
        derive(quote! {
            #[frame(request)] struct Ping { #[frame(id, header = "id")] id: u8 }
        }),
        message,
    );
}

#[test]
fn what_other_things_follow_from_is_read_only() {
    let fields = |key, read_only| {
        request(quote! {
            #[frame(header = "a", #key #read_only)] a: u8,
            #[frame(when(a = 1))] b: u8,
        })
    };
    for (key, why) in [
        (
            quote!(tag(1, 2),),
            "it is a tag, which identifies the frame",
        ),
        (quote!(), "a `when` depends on it"),
    ] {
        let message = format!("`a` must be a `read_only` header: {why}");
        assert_one(fields(key.clone(), quote!()), &message);
        assert_none(fields(key, quote!(read_only)));
    }
    assert_one(
        request(quote!(#[frame(magic = 1, header = "a")] a: u8)),
        "`a` must be a `read_only` header: it is a magic, the same in every frame",
    );
    // Otherwise an edit would make a heartbeat, or an answer, of a call.
    for list in [
        quote!(request, heartbeat(a = 1)),
        quote!(request, oneway(a = 1)),
        quote!(request, response(a = 1)),
        quote!(
            request,
            response(b = 1),
            heartbeat_ack(a = 1, b = 1),
            heartbeat(b = 2)
        ),
    ] {
        let frame = |read_only| {
            derive(quote! {
                #[frame(#list)]
                struct Ping { #[frame(id)] id: u8, #[frame(header = "a" #read_only)] a: u8, b: u8 }
            })
        };
        assert_one(
            frame(quote!()),
            "`a` must be a `read_only` header: the kind of the frame depends on it",
        );
        assert_none(frame(quote!(, read_only)));
    }
}

#[test]
fn a_timeout_is_a_header_of_the_map() {
    let map = |half, key, field| {
        derive(quote! {
            #[frame(#half)]
            struct Ping {
                #[frame(id)] id: u8,
                #field
                #[frame(len_of = map)] n: Len<u8>,
                #[frame(#key)] map: HeaderMap,
            }
        })
    };
    let ms = quote!(headers, timeout_key = "ms");
    assert_none(map(quote!(request), ms.clone(), quote!()));
    assert_one(
        map(quote!(request), quote!(timeout_key = "ms"), quote!()),
        "`timeout_key` requires `headers` on the same field",
    );
    assert_one(
        map(quote!(response), ms.clone(), quote!()),
        "`timeout_key` cannot be used on a response: only a request has a timeout",
    );
    assert_one(
        map(quote!(request), ms, quote!(#[frame(timeout)] t: u32,)),
        "`t` is already the timeout of this frame",
    );
    assert_one(
        map(quote!(request), quote!(headers, timeout_key = ""), quote!()),
        "the name of a header cannot be empty",
    );
    assert_one(
        request(quote!(#[frame(timeout_key = "ms")] a: u32)),
        "`timeout_key` is only valid on a `HeaderMap`",
    );
}
