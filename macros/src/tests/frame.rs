//! The frame as a whole: its kind, heartbeats and one-way calls.

use quote::quote;

use super::{assert_at, assert_none, assert_one, derive, derive_at, keys};

#[test]
fn a_frame_goes_one_way() {
    assert_one(
        keys(quote!(max = 10)),
        "`Ping` is neither a request nor a response: write `#[frame(request)]` or `#[frame(response)]`",
    );
    assert_one(
        keys(quote!(request, response)),
        "`response` with `request` needs values to distinguish them: `response(field = value)`",
    );
}

#[test]
fn a_frame_has_named_fields() {
    for item in [
        quote!(
            struct Ping(u32);
        ),
        quote!(
            struct Ping;
        ),
        quote!(union Ping { a: u32 }),
    ] {
        assert_one(
            derive(quote!(#[frame(request)] #item)),
            "a frame has named fields: write `struct Ping { id: u32, … }`",
        );
    }
}

#[test]
fn a_frame_is_not_generic() {
    for generics in [quote!(<T>), quote!(<'a>), quote!(<const N: usize>)] {
        assert_one(
            derive(quote!(#[frame(request)] struct Ping #generics { #[frame(id)] id: u32 })),
            "`Ping` cannot have generic parameters or lifetimes: its layout is fixed",
        );
    }
    for clause in ["where", "where u8: Copy,"] {
        let ping = format!("#[frame(request)] struct Ping {clause} {{ #[frame(id)] id: u32 }}");
        let codec = format!("#[repr(u8)] enum Codec {clause} {{ Json = 12 }}");
        for (item, name) in [(ping, "Ping"), (codec, "Codec")] {
            assert_at(
                derive_at(&item),
                "where",
                &format!("`{name}` cannot have a `where` clause: remove it"),
            );
        }
    }
}

/// Otherwise whatever the payload codec changes could make another kind of frame.
#[test]
fn a_part_with_a_payload_codec_says_itself_what_the_frame_is() {
    assert_one(
        derive(quote! {
            #[frame(request, heartbeat(said = "N"))]
            struct Ping {
                #[frame(id)] id: u32,
                #[frame(len_of = said)] said_len: Len<u16>,
                #[frame(with = Said, headers, body)] said: Bytes,
            }
        }),
        "`said` cannot be used in `heartbeat`: its codec decides the kind of the frame, with `kind`",
    );
}

#[test]
fn a_heartbeat_has_values_of_fixed_fields() {
    assert_none(keys(quote!(
        request,
        heartbeat(flag = 1, kind = 1),
        oneway(kind = 2)
    )));
    for (list, message) in [
        (
            quote!(),
            "`heartbeat` needs at least one value: `heartbeat(field = value)`",
        ),
        (
            quote!(flga = 0),
            "no field `flga` in this frame, did you mean `flag`?",
        ),
        (
            quote!(flag = 2, flag = 1),
            "`flag` is given twice in `heartbeat`",
        ),
        (
            quote!(name = 0),
            "`name` cannot be used in `heartbeat`: it is a `Text`, so use a fixed field or `Bytes`",
        ),
        (
            quote!(name_len = 0),
            "`name_len` cannot be used in `heartbeat`: it is a `Len` field, whose value is computed",
        ),
        (
            quote!(id = 0),
            "`id` cannot be used in `heartbeat`: it is the id, which differs in every frame",
        ),
        (
            quote!(mark = 7),
            "`mark` cannot be used in `heartbeat`: it is a magic, the same in every frame",
        ),
        (quote!(kind = 3), "`kind` is never `3`: its tags are 1, 2"),
    ] {
        assert_one(keys(quote!(request, heartbeat(#list))), message);
    }
}

#[test]
fn a_frame_is_ordinary_by_default() {
    let frame = |keys| {
        derive(quote! {
            #[frame(#keys)]
            struct Ping {
                #[frame(tag(1, 2))] kind: u8,
                #[frame(default = 1)] code: u16,
                flag: u8,
                #[frame(tag = 7)] only: u8,
                #[frame(id)] id: u32,
            }
        })
    };
    for (keys, key, name) in [
        (quote!(request, heartbeat(flag = 0)), "heartbeat", "flag"),
        (quote!(request, oneway(kind = 1)), "oneway", "kind"),
        (
            quote!(response, heartbeat(only = 7, code = 0x1)),
            "heartbeat",
            "code",
        ),
    ] {
        let message = format!(
            "a frame of default values would be a `{key}`: give `{name}` another default, the value of an \
             ordinary frame"
        );
        assert_one(frame(keys), &message);
    }
    assert_none(frame(quote!(
        request,
        heartbeat(flag = 0, code = 0),
        oneway(kind = 2)
    )));
    assert_none(frame(quote!(request, heartbeat(only = 7))));
}

#[test]
fn a_heartbeat_has_bytes_of_a_part_too() {
    let frame = |list| {
        derive(quote! {
            #[frame(request, heartbeat(#list))]
            struct Ping {
                event: u8,
                #[frame(id)] id: u32,
                #[frame(len_of = body)] n: Len<u8>,
                body: Bytes,
            }
        })
    };
    assert_none(frame(quote!(event = 1, body = b"")));
    assert_none(frame(quote!(body(b"N", b"null"))));
    assert_one(
        frame(quote!(body = b"")),
        "a frame of default values would be a `heartbeat`: `body` is empty by default, so use a field that has \
         another value in an ordinary frame",
    );
    assert_one(
        frame(quote!(body(b"N", (b"")), event(1, 0))),
        "a frame of default values would be a `heartbeat`: give `event` another default, the value of an \
         ordinary frame",
    );
    assert_one(
        frame(quote!(event(1, 0x1))),
        "the value `0x1` is given twice",
    );
    assert_one(
        frame(quote!(event())),
        "`event` has no value here: write `event = value`",
    );
}

#[test]
fn a_response_is_not_oneway() {
    assert_one(
        keys(quote!(response, oneway(flag = 2))),
        "`oneway` cannot be used on a response: only a request can be one-way",
    );
}

#[test]
fn every_broken_rule_is_reported() {
    let errors = derive(quote! {
        #[frame(response, oneway(a = 2), heartbeat(b = 1))]
        struct Ping {
            #[frame(id)] id: u32,
            #[frame(len_of = b)] b_len: Len<u16>,
            b: Text,
            #[frame(tag(1, 1), at = 9)] a: u32,
            #[frame(timeout, header = "")] timeout: u32,
        }
    });
    assert_eq!(errors.len(), 7, "{errors:#?}");
}
