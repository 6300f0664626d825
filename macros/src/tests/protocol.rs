//! Protocols.

use proc_macro2::TokenStream;
use quote::quote;

use super::{assert_at, assert_none, assert_one, errors_at, messages};
use crate::pipeline;

fn protocol(args: TokenStream) -> Vec<String> {
    messages(&pipeline::protocol(
        args,
        quote!(
            pub struct Bolt;
        ),
    ))
}

/// A good protocol with more keys.
fn with(keys: TokenStream) -> Vec<String> {
    protocol(quote!(name = "x-bolt", frames(Req, Res), status(200 => 0, _ => 3), #keys))
}

#[test]
fn a_protocol_has_a_name_frames_and_a_status_map() {
    assert_none(with(quote!()));
    assert_none(with(quote! {
        keep_alive = none, root = root::Root<u8, u16>, body = hidden, pool = ping_pong, worker_pool = false,
        crate = ::renamed
    }));
    let errors = protocol(quote!());
    assert_eq!(
        errors,
        [
            "a protocol needs `name = \"x-…\"`",
            "a protocol needs `frames(Request, Response)`",
            "a protocol needs `status(200 => 0, …, _ => 1)`, or `hijacker = custom` and your own `Hijacker`, or `hijacker = none`",
        ]
    );
}

#[test]
fn a_name_is_free() {
    let named = |name: &str| protocol(quote!(name = #name, frames(Req, Res), status(_ => 3)));
    assert_one(named(""), "the name of a protocol cannot be empty");
    assert_one(
        named("x bolt"),
        "the name of a protocol cannot contain white space",
    );
    for name in [
        "bolt",
        "boltv2",
        "dubbo",
        "dubbothrift",
        "tars",
        "X",
        "Auto",
    ] {
        let errors = named(name);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with(&format!(
            "`{name}` is built into MOSN: MOSN would ignore the plugin without a message"
        )));
    }
    assert_one(
        protocol(quote!(name = bolt, frames(Req, Res), status(_ => 3))),
        "`name` is written `name = \"x-…\"`",
    );
}

#[test]
fn frames_are_listed_once() {
    let frames = |list: TokenStream| protocol(quote!(name = "a", frames(#list), status(_ => 3)));
    assert_one(
        frames(quote!()),
        "`frames` needs at least one frame: `frames(Request, Response)`",
    );
    assert_one(
        frames(quote!(a::Req, a::Req)),
        "the frame `Req` is listed twice",
    );
    assert_one(
        frames(quote!(a::Req, b::Req)),
        "`a::Req` and `b::Req` would share the variant `Req`: import one under another name",
    );
}

#[test]
fn the_names_of_the_enums_are_free() {
    assert_one(
        protocol(quote!(name = "a", frames(BoltFrame, bolt::BoltView), status(_ => 3))),
        "`BoltFrame` is the name of an enum that `#[protocol]` generates for `Bolt`: rename the frame",
    );
}

#[test]
fn every_code_has_one_status() {
    let status = |rows: TokenStream| protocol(quote!(name = "a", frames(Req), status(#rows)));
    assert_none(status(
        quote!(200 => Status::Ok, 0x194 => 1, _ => Status::Unknown,),
    ));
    for rows in [quote!(), quote!(200 => 0)] {
        assert_one(
            status(rows),
            "`status` must end with a row for all other codes: `_ => value`",
        );
    }
    assert_one(
        status(quote!(200 => 0, 0xC8 => 1, _ => 3)),
        "the code `0xC8` is mapped twice",
    );
    for rows in [quote!(_ => 0, 200 => 1), quote!(_ => 0, _ => 1)] {
        assert_one(
            status(rows),
            "`_` takes all other codes, so it must be the last row",
        );
    }
    assert_one(
        status(quote!(OK => 0, _ => 1)),
        "expected a status code of the host, or `_` for all others",
    );
    assert_one(
        status(quote!(4294967296 => 0, _ => 1)),
        "a status code of the host fits into `u32`",
    );
}

#[test]
fn custom_leaves_nothing_to_state() {
    assert_none(protocol(quote!(
        name = "a",
        frames(Req),
        hijacker = custom,
        options = custom,
        keep_alive = custom,
        callee = custom
    )));
    // The table is there for the author's hijacker to ask.
    assert_none(with(quote!(hijacker = custom)));
    assert_one(
        with(quote!(options = custom, pool = tcp)),
        "`pool` cannot be used with `options = custom`: your `Options` answers it",
    );
    assert_one(
        with(quote!(options = generated)),
        "unknown value `generated` of `options`, expected `custom`",
    );
    assert_one(
        with(quote!(pool = pingpong)),
        "unknown value `pingpong` of `pool`, expected one of `multiplex`, `ping_pong`, `tcp`; did you mean \
         `ping_pong`?",
    );
}

#[test]
fn headers_that_name_the_callee_are_listed_once() {
    assert_none(with(quote!(service("path", "interface"), method())));
    assert_none(with(quote!(service("name"), method("name"))));
    assert_one(
        with(quote!(service("a", "b", "a"))),
        "the header `a` is listed twice",
    );
    assert_one(
        with(quote!(method(""))),
        "the key of a header cannot be empty",
    );
    for wrong in [quote!(service = "a"), quote!(service(a)), quote!(service)] {
        assert_one(with(wrong), "`service` is written `service(\"header\", …)`");
    }
    assert_one(
        with(quote!(callee = custom, method("m"))),
        "`method` cannot be used with `callee = custom`: your `Callee` answers it",
    );
}

#[test]
fn a_protocol_is_a_unit_struct() {
    let args = quote!(name = "a", frames(Req), status(_ => 3));
    for (item, message) in [
        (
            quote!(
                struct Bolt {
                    a: u8,
                }
            ),
            "a protocol has no fields: write `struct Bolt;`",
        ),
        (
            quote!(
                struct Bolt<T>;
            ),
            "a protocol has no generics: write `struct Bolt;`",
        ),
        (
            quote!(
                struct Bolt
                where
                    u8: Copy;
            ),
            "a protocol has no generics: write `struct Bolt;`",
        ),
        (
            quote!(
                enum Bolt {}
            ),
            "a protocol is declared on a unit struct: `struct Bolt;`",
        ),
        (
            quote!(
                fn bolt() {}
            ),
            "a protocol is declared on a unit struct: `struct Bolt;`",
        ),
    ] {
        let outcome = pipeline::protocol(args.clone(), item);
        assert_one(messages(&outcome), message);
    }
}

#[test]
fn a_status_is_a_number() {
    let status = |value: &str| {
        let args = format!("name = \"a\", frames(Req), status(200 => 0, _ => {value})");
        errors_at(&pipeline::protocol(
            args.parse().unwrap(),
            quote!(
                struct Bolt;
            ),
        ))
    };
    for value in [
        "-1",
        "0xff",
        "OK",
        "Status::Ok",
        "Status::Ok as u8",
        "BASE + 1",
    ] {
        assert_eq!(status(value), []);
    }
    for value in ["\"ok\"", "1.5", "true", "0x8000_0000_0000_0000"] {
        assert_at(
            status(value),
            value,
            &format!(
                "`{value}` is not a status: write a number of at most 64 bits, or a variant of a code enum"
            ),
        );
    }
}

#[test]
fn the_item_survives_a_mistake() {
    let outcome = pipeline::protocol(
        quote!(),
        quote!(
            /** Bolt. */
            pub struct Bolt;
        ),
    );
    assert!(outcome.tokens.to_string().contains("pub struct Bolt ;"));
}
