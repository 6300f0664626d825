//! `inputs`: the fields that a part with a payload codec is read with.

use proc_macro2::TokenStream;
use quote::quote;

use super::{assert_none, assert_one, derive};

/// The errors of a frame whose part is read with these fields.
fn read_with(inputs: TokenStream) -> Vec<String> {
    derive(quote! {
        #[frame(request, response(flag = 1))]
        struct Ping {
            #[frame(magic = 7)] mark: u8,
            #[frame(bits = 1)] flag: u8,
            #[frame(bits = 7)] codec: u8,
            #[frame(default = Mode::Fast)] mode: Mode,
            bytes: [u8; 2],
            #[frame(header = "hop")] hop: u8,
            #[frame(header = "zone", read_only)] zone: u8,
            #[frame(when(flag = 1))] level: u16,
            count: Varint<u32>,
            #[frame(id)] id: u32,
            #[frame(id_copy)] again: u32,
            #[frame(len_of = name)] name_len: Len<u8>,
            #[frame(len_of = said)] said_len: Len<u8>,
            name: Text,
            #[frame(with = Said, #inputs, headers, body)] said: Bytes,
            trailer: u8,
            #[frame(over = ..=said)] sum: Check<Crc32>,
        }
    })
}

#[test]
fn integers_before_the_part_are_inputs() {
    assert_none(read_with(quote!(inputs(mark, codec, zone, level, count))));
    assert_none(read_with(quote!(inputs(flag))));
}

#[test]
fn an_input_is_a_field_of_the_frame_listed_once() {
    assert_one(
        read_with(quote!(inputs(codek))),
        "no field `codek` in this frame, did you mean `codec`?",
    );
    assert_one(
        read_with(quote!(inputs(codec, flag, codec))),
        "`codec` is given twice in `inputs`",
    );
    assert_one(
        read_with(quote!(inputs())),
        "`inputs` needs at least one field: `inputs(field, …)`",
    );
    for wrong in [quote!(inputs), quote!(inputs = codec), quote!(inputs(1))] {
        assert_one(read_with(wrong), "`inputs` is written `inputs(field, …)`");
    }
}

#[test]
fn an_input_is_an_integer() {
    for (inputs, what) in [
        (
            quote!(inputs(mode)),
            "`mode` cannot be used in `inputs`: its type is not an integer: declare it as one, such as `u8`",
        ),
        (
            quote!(inputs(bytes)),
            "`bytes` cannot be used in `inputs`: its type is not an integer: declare it as one, such as `u8`",
        ),
        (
            quote!(inputs(said_len)),
            "`said_len` cannot be used in `inputs`: it is a `Len` field, whose value is computed",
        ),
        (
            quote!(inputs(sum)),
            "`sum` cannot be used in `inputs`: it is a `Check` field, whose value is computed",
        ),
        (
            quote!(inputs(name)),
            "`name` cannot be used in `inputs`: it is a `Text`, not an integer",
        ),
    ] {
        assert_one(read_with(inputs), what);
    }
}

#[test]
fn an_input_is_known_and_stays() {
    assert_one(
        read_with(quote!(inputs(trailer))),
        "`trailer` comes after `said`, which is decoded with it: declare it before `said`",
    );
    for name in [quote!(id), quote!(again)] {
        assert_one(
            read_with(quote!(inputs(#name))),
            &format!("`{name}` cannot be used in `inputs`: the host sets the id"),
        );
    }
    assert_one(
        read_with(quote!(inputs(hop))),
        "`hop` cannot be used in `inputs`, because hosts can change its header: add `read_only` to it",
    );
}

#[test]
fn inputs_are_for_a_codec() {
    assert_one(
        derive(quote! {
            #[frame(request)]
            struct Ping {
                #[frame(id)] id: u32,
                #[frame(len_of = body)] body_len: Len<u8>,
                #[frame(inputs(id), body)] body: Bytes,
            }
        }),
        "`inputs` requires `with = Type` on the same field",
    );
}
