//! `Fixed` for an enum of codes: its values on the wire.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use crate::check::Checked;
use crate::model::codes::Codes;

pub(in crate::expand) fn fixed(codes: &Checked<Codes>) -> TokenStream {
    let (ident, repr) = (&codes.ident, &codes.repr);
    let variants = codes.variants.iter().enumerate();
    let variants = variants.map(|(number, code)| (format_ident!("__CODE_{}", number), code));
    let variants: Vec<_> = variants.collect();
    // A wrong value is an error of the enum itself, and no other here.
    let consts = variants.iter().map(|(name, code)| {
        let value = &code.value;
        quote! { #[allow(overflowing_literals)] const #name: #repr = #value; }
    });
    let from = variants.iter().map(|(name, code)| {
        let ident = &code.ident;
        quote!(#name => Self::#ident)
    });
    let to = variants.iter().map(|(name, code)| {
        let ident = &code.ident;
        quote!(Self::#ident => #name)
    });
    let unsigned = format_ident!("{}", repr.to_string().replace('i', "u"));
    let named = variants.iter().map(|(name, code)| {
        let text = code.ident.unraw().to_string();
        quote!((#text, #name as __mw::#unsigned as __mw::u64))
    });
    let open = codes.other.is_some();
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
        #(#consts)*
        #[automatically_derived]
        impl __mw::Fixed for #ident {
            type Bits = #repr;
            const CODES: &'static [(&'static __mw::str, __mw::u64)] = &[#(#named),*];
            const OPEN: __mw::bool = #open;
            #[inline]
            fn from_bits(__bits: #repr) -> __mw::Option<Self> {
                __mw::Some(match __bits { #(#from,)* #from_other })
            }
            #[inline]
            fn bits(&self) -> #repr {
                match *self { #(#to,)* #to_other }
            }
        }
        #[automatically_derived]
        impl __mw::HeaderField for #ident {
            type Buffer = __mw::Digits;
            fn to_header<'__s>(&'__s self, __buffer: &'__s mut __mw::Digits) -> &'__s [__mw::u8] {
                __mw::code_to_header(self, __buffer)
            }
            fn from_header(__value: &[__mw::u8]) -> __mw::Result<Self, __mw::Reason> {
                __mw::code_from_header(__value)
            }
        }
    }
}
