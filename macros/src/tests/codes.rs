//! Enums of codes.

use quote::quote;

use super::{assert_none, assert_one, derive};

#[test]
fn codes_are_stated() {
    assert_none(derive(quote! {
        #[repr(u8)]
        enum Codec { Hessian = 1, Json = 12, #[frame(other)] Other(u8) }
    }));
    assert_one(
        derive(quote!(
            #[repr(u8)]
            enum Codec {
                Hessian = 1,
                Json,
            }
        )),
        "`Json` needs a value: write `Json = 1`",
    );
    assert_one(
        derive(quote!(
            #[repr(u8)]
            enum Codec {
                Hessian = 1,
                Java = 0x01,
            }
        )),
        "the value `0x01` is given twice",
    );
    assert_one(
        derive(quote!(
            #[repr(u8)]
            enum Codec {
                #[frame(other)]
                Other(u8),
            }
        )),
        "`Codec` has no code: add a variant such as `Json = 12`, or use `u8`",
    );
}

#[test]
fn the_width_is_stated() {
    for repr in [quote!(), quote!(#[repr(C)]), quote!(#[repr(usize)])] {
        assert_one(
            derive(quote!(#repr enum Codec { Hessian = 1 })),
            "`Codec` has no width on the wire: add `#[repr(u8)]`, or another of `u8`, `u16`, `u32`, `u64`, `i8`, \
             `i16`, `i32`, `i64`",
        );
    }
    assert_none(derive(quote!(
        #[repr(align(4), i16)]
        enum Codec {
            Hessian = -1,
        }
    )));
}

#[test]
fn one_variant_keeps_the_rest() {
    for variant in [
        quote!(Other),
        quote!(Other(u16)),
        quote!(Other(u8, u8)),
        quote!(Other { a: u8 }),
    ] {
        assert_one(
            derive(quote!(#[repr(u8)] enum Codec { Json = 1, #[frame(other)] #variant })),
            "`Other` must hold the unknown value: write `Other(u8)`",
        );
    }
    assert_one(
        derive(quote! {
            #[repr(u8)] enum Codec { Json = 1, #[frame(other)] Other(u8), #[frame(other)] Rest(u8) }
        }),
        "`Other` already holds all other values",
    );
    assert_one(
        derive(quote!(
            #[repr(u8)]
            enum Codec {
                Json = 1,
                Other(u8),
            }
        )),
        "a code has no data; if `Other` holds all other values, write `#[frame(other)] Other(u8)`",
    );
}

#[test]
fn an_enum_is_no_frame() {
    assert_one(
        derive(quote!(
            #[repr(u8)]
            #[frame(request)]
            enum Codec {
                Json = 1,
            }
        )),
        "`request` cannot be used on a code enum: it belongs on a frame, as `#[frame(request)]`",
    );
}
