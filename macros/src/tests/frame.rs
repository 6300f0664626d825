//! The frame as a whole: kind, roles, heartbeats and one-way calls.

use quote::quote;

use super::{assert_none, assert_one, derive, keys, request};

#[test]
fn a_frame_goes_one_way() {
    assert_one(
        keys(quote!(max = 10)),
        "`Ping` is neither a request nor a response: write `#[frame(request)]` or `#[frame(response)]`",
    );
    assert_one(
        keys(quote!(request, response)),
        "`response` cannot be used with `request`, unless it says by which values: `response(field = value)`",
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
    assert_one(
        derive(quote!(
            #[frame(request)]
            struct Ping
            where
                u8: Copy,
            {
                #[frame(id)]
                id: u32,
            }
        )),
        "`Ping` cannot have a `where` clause",
    );
}

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

#[test]
fn roles_have_types() {
    for (field, message) in [
        (
            quote!(#[frame(timeout)] a: [u8; 4]),
            "the `timeout` of a frame is an integer, `u8` to `u64` or `i8` to `i64`",
        ),
        (
            quote!(#[frame(body)] a: u32),
            "the `body` of a frame is `Bytes`",
        ),
        (
            quote!(#[frame(headers)] a: u32),
            "the `headers` of a frame is a `HeaderMap`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(headers)] a: Bytes),
            "the `headers` of a frame is a `HeaderMap`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(body)] a: Text),
            "the `body` of a frame is `Bytes`",
        ),
        (
            quote!(#[frame(len_of = a)] n: Len<u8>, #[frame(timeout)] a: Text),
            "the `timeout` of a frame is an integer, `u8` to `u64` or `i8` to `i64`",
        ),
    ] {
        assert_one(request(field), message);
    }
    assert_one(
        derive(quote!(
            #[frame(request)]
            struct Ping {
                #[frame(id)]
                id: [u8; 16],
            }
        )),
        "the `id` of a frame is an integer, `u8` to `u64` or `i8` to `i64`",
    );
}

#[test]
fn roles_have_a_direction() {
    assert_one(
        request(quote!(#[frame(status)] a: u16)),
        "`status` cannot be used on a request: the server sets it, in the response",
    );
    assert_one(
        derive(quote! {
            #[frame(response)] struct Pong { #[frame(id)] id: u32, #[frame(timeout)] t: u32 }
        }),
        "`timeout` cannot be used on a response: the caller sets it, in the request",
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
        "`magic` cannot be used with `id`: every frame has its own",
    );
}

#[test]
fn a_heartbeat_is_told_by_fixed_fields() {
    assert_none(keys(quote!(
        request,
        heartbeat(flag = 1, kind = 1),
        oneway(kind = 2)
    )));
    for (list, message) in [
        (
            quote!(),
            "`heartbeat` lists the values that make it one: `heartbeat(field = value)`",
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
            "`name` cannot be used in `heartbeat`: it is a part (`Text`), and only fixed fields can",
        ),
        (
            quote!(name_len = 0),
            "`name_len` cannot be used in `heartbeat`: it is a length field, and its value is the length \
             of its part",
        ),
        (
            quote!(id = 0),
            "`id` cannot be used in `heartbeat`: it is the id, and every frame has its own",
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
            "a frame made of its defaults would be a `{key}`: give `{name}` another default, the value of \
             an ordinary frame"
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
fn a_response_is_not_oneway() {
    assert_one(
        keys(quote!(response, oneway(flag = 2))),
        "`oneway` cannot be used on a response: only a request can expect no answer",
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
            #[frame(tag(1, 1))] a: u32,
            #[frame(timeout)] timeout: u32,
        }
    });
    assert_eq!(errors.len(), 7, "{errors:#?}");
}
