//! What fields mean to the host.

use proc_macro2::TokenStream;
use quote::quote;

use super::{assert_none, assert_one, derive, request};

#[test]
fn a_frame_has_one_id() {
    assert_one(
        derive(quote!(
            #[frame(request)]
            struct Ping {
                a: u32,
            }
        )),
        "`Ping` has no id: the host matches replies to requests by id, so mark its field with \
         `#[frame(id)]`",
    );
    assert_one(
        request(quote!(#[frame(id)] b: u32)),
        "`id` is already the `id` of this frame",
    );
}

const ID: &str = "`id` requires an integer, a byte array such as `[u8; 16]`, or `Bytes` with a codec (`with = Type`)";

#[test]
fn roles_have_types() {
    for (field, message) in [
        (
            quote!(#[frame(timeout)] a: [u8; 4]),
            "`timeout` requires an integer",
        ),
        (quote!(#[frame(body)] a: u32), "`body` requires `Bytes`"),
        (
            quote!(#[frame(headers)] a: u32),
            "`headers` requires a `HeaderMap`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(headers)] a: Bytes),
            "`headers` requires a `HeaderMap`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(body)] a: Text),
            "`body` requires `Bytes`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(timeout)] a: Text),
            "`timeout` requires an integer",
        ),
    ] {
        assert_one(request(field), message);
    }
    let id = |ty: TokenStream| {
        derive(quote!(
            #[frame(request)]
            struct Ping {
                #[frame(id)]
                id: #ty,
            }
        ))
    };
    assert_none(id(quote!([u8; 16])));
    assert_none(id(quote!(U48)));
    assert_one(id(quote!(FixedStr<16>)), ID);
    assert_one(
        derive(quote! {
            #[frame(request)]
            struct Ping { #[frame(len_of = id)] n: Len<u8>, #[frame(id)] id: Text }
        }),
        ID,
    );
}

#[test]
fn roles_have_a_direction() {
    assert_one(
        request(quote!(#[frame(status)] a: u16)),
        "`status` cannot be used on a request: only a response has a status",
    );
    assert_one(
        derive(quote! {
            #[frame(response)] struct Pong { #[frame(id)] id: u32, #[frame(timeout)] t: u32 }
        }),
        "`timeout` cannot be used on a response: only a request has a timeout",
    );
    assert_none(derive(quote! {
        #[frame(response)] struct Pong { #[frame(id)] id: u32, #[frame(status, default = Status::Ok)] t: Status }
    }));
}

#[test]
fn a_field_has_one_role() {
    assert_one(
        derive(quote!(
            #[frame(request)]
            struct Ping {
                #[frame(id, timeout)]
                id: u32,
            }
        )),
        "`timeout` cannot be used with `id`: a field has one role",
    );
    assert_one(
        derive(quote!(
            #[frame(request)]
            struct Ping {
                #[frame(id, magic = 1)]
                id: u32,
            }
        )),
        "`magic` cannot be used with `id`: its value differs in every frame",
    );
}

#[test]
fn a_copy_of_the_id_is_nothing_else() {
    assert_none(request(
        quote!(#[frame(id_copy)] a: u16, #[frame(id_copy, endian = little)] b: u64),
    ));
    for ty in [quote!([u8; 4]), quote!(Len<u8>), quote!(FixedStr<4>)] {
        let errors = request(quote!(#[frame(id_copy, len_of = b)] a: #ty, b: Text));
        let message = "`id_copy` is only valid on an integer";
        assert!(errors.contains(&message.to_owned()), "{errors:#?}");
    }
    for (key, other) in [
        (quote!(magic = 1), "magic"),
        (quote!(tag(1)), "tag"),
        (quote!(timeout), "timeout"),
    ] {
        let message = format!("`{other}` cannot be used with `id_copy`: the field holds the id");
        assert_one(request(quote!(#[frame(id_copy, #key)] a: u32)), &message);
    }
    assert_one(
        derive(quote! {
            #[frame(request)] struct Ping { #[frame(id)] id: [u8; 16], #[frame(id_copy)] again: u64 }
        }),
        "`again` cannot be a copy of `id`, which is not an integer",
    );
    assert_one(
        derive(quote! {
            #[frame(request, heartbeat(again = 1))]
            struct Ping { #[frame(id)] id: u32, #[frame(id_copy)] again: u64 }
        }),
        "`again` cannot be used in `heartbeat`: it is a copy of the id, which differs in every frame",
    );
}

/// The errors of a frame with a part with a payload codec.
fn errors_of(keys: TokenStream, roles: TokenStream) -> Vec<String> {
    derive(quote! {
        #[frame(#keys)]
        struct Ping {
            #[frame(len_of = said)] n: Len<u8>,
            #[frame(#roles)] said: Bytes,
            #[frame(len_of = more)] m: Len<u8>,
            #[frame(body)] more: Bytes,
        }
    })
}

#[test]
fn a_codec_decodes_what_the_roles_say() {
    assert_none(errors_of(
        quote!(),
        quote!(with = Said, kind, id, timeout, status, headers),
    ));
    assert_none(errors_of(quote!(request), quote!(with = Said, id, timeout)));
    assert_none(derive(quote! {
        struct Ping {
            #[frame(id)] id: u8,
            #[frame(len_of = a)] n: Len<u8>,
            #[frame(len_of = b)] m: Len<u8>,
            #[frame(with = One, kind)] a: Bytes,
            #[frame(with = Two, body)] b: Bytes,
        }
    }));
    assert_one(
        errors_of(quote!(request), quote!(with = Said, id, status)),
        "`status` cannot be used on a request: only a response has a status",
    );
    assert_one(
        errors_of(quote!(), quote!(with = Said, kind, id, body)),
        "`said` is already the `body` of this frame",
    );
    assert_one(
        errors_of(quote!(request), quote!(kind)),
        "`kind` requires a codec on the same field: add `with = Type`, or declare the values on the struct, such \
         as `heartbeat(field = value)`",
    );
    assert_one(
        derive(
            quote! { #[frame(request)] struct Ping { #[frame(id)] id: u8, #[frame(kind)] a: u8 } },
        ),
        "`kind` requires a codec on the same field: add `with = Type`, or declare the values on the struct, such \
         as `heartbeat(field = value)`",
    );
}

#[test]
fn what_a_codec_decodes_has_one_source() {
    for key in [
        quote!(request),
        quote!(response),
        quote!(heartbeat(n = 1)),
        quote!(heartbeat_ack(n = 1)),
        quote!(oneway(n = 1)),
    ] {
        let word = key.to_string();
        let word = word.split(' ').next().unwrap_or_default();
        let message = format!(
            "`{word}` cannot be used with a field that has the role `kind`, which decides it"
        );
        let errors = errors_of(key, quote!(with = Said, kind, id));
        assert!(errors.contains(&message), "{errors:#?}");
    }
    assert_one(
        derive(quote! {
            struct Ping {
                #[frame(id)] id: u8,
                #[frame(len_of = a)] n: Len<u8>,
                #[frame(len_of = b)] m: Len<u8>,
                #[frame(with = One, kind)] a: Bytes,
                #[frame(with = Two, kind)] b: Bytes,
            }
        }),
        "`a` is already the `kind` of this frame",
    );
}

#[test]
fn a_payload_codec_is_one_of_bytes_and_has_a_role() {
    for (ty, key) in [
        (quote!(Text), quote!(max = 3)),
        (quote!(HeaderMap), quote!(headers)),
        (quote!(u8), quote!(status)),
    ] {
        let errors = derive(quote! {
            #[frame(response)]
            struct Pong {
                #[frame(id)] id: u8,
                #[frame(len_of = a..)] n: Len<u8>,
                #[frame(with = Said, #key)] a: #ty,
                b: Text,
            }
        });
        let message = "`with` is only valid on `Bytes`";
        assert!(errors.contains(&message.to_owned()), "{errors:#?}");
    }
    assert_one(
        request(quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(with = Said)] a: Bytes)),
        "`with` requires a role on `a`, such as `id` or `body`; a record that no host asks for is `pub a: Bytes`, and read with `Said::from_bytes`",
    );
}
