//! `Fixed` for an enum of codes: its values on the wire.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, ExprPath, ExprUnary};

use crate::check::Checked;
use crate::model::codes::Codes;

pub(super) fn fixed(codes: &Checked<Codes>) -> TokenStream {
    let (ident, repr) = (&codes.ident, &codes.repr);
    let from = codes.variants.iter().map(|code| {
        let (ident, value) = (&code.ident, pattern(&code.value));
        quote!(#value => Self::#ident)
    });
    let to = codes.variants.iter().map(|code| {
        let (ident, value) = (&code.ident, &code.value);
        quote!(Self::#ident => #value)
    });
    let (from_other, to_other) = match &codes.other {
        Some(other) => {
            let other = &other.ident;
            (
                quote!(__other => Self::#other(__other)),
                quote!(Self::#other(__other) => __other,),
            )
        }
        None => (quote!(_ => return __mw::None), TokenStream::new()),
    };
    quote! {
        #[automatically_derived]
        impl __mw::Fixed for #ident {
            type Bits = #repr;
            #[inline]
            fn from_bits(__bits: #repr) -> __mw::Option<Self> {
                __mw::Some(match __bits { #(#from,)* #from_other })
            }
            #[inline]
            fn bits(&self) -> #repr {
                match *self { #(#to,)* #to_other }
            }
        }
    }
}

/// Literals and paths are patterns as they stand; anything else is compared.
fn pattern(value: &Expr) -> TokenStream {
    match value {
        Expr::Lit(ExprLit { .. }) | Expr::Path(ExprPath { qself: None, .. }) => quote!(#value),
        Expr::Unary(ExprUnary { expr, .. }) if matches!(**expr, Expr::Lit(_)) => quote!(#value),
        _ => quote!(__bits if __bits == (#value)),
    }
}
