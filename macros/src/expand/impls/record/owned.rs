//! A record as a value of its struct.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::group;
use crate::check::Checked;
use crate::model::record::{Record, Variants};

/// The functions of `RecordField` that make a value of what its entries hold, and the other way round.
pub(super) fn value(record: &Checked<Record>) -> TokenStream {
    let entries = record.entries.iter().enumerate();
    let values = entries.clone().map(|(index, entry)| {
        let value = format_ident!("__field_{index}");
        let Some(bits) = entry.bits else {
            return quote! {
                let #value = __mw::RecordField::from_held(__fields.take());
            };
        };
        let (integer, shift, count) = (integer(bits.head), bits.shift, bits.count);
        let taken = (bits.head == index).then(|| {
            quote! {
                let #integer = __mw::record::Bits::of(__fields.take());
            }
        });
        quote! {
            #taken
            let #value = __mw::RecordField::from_held(#integer.get(#shift, #count));
        }
    });
    let fields = entries.clone().map(|(index, entry)| {
        let (ident, value) = (&entry.ident, format_ident!("__field_{index}"));
        quote!(#ident: #value)
    });
    let held = entries.filter_map(|(index, entry)| match entry.bits {
        None => {
            let ident = &entry.ident;
            Some(quote!(__mw::RecordField::held(&self.#ident)))
        }
        Some(bits) if bits.head == index => {
            let parts = group(record, index).map(|(entry, bits)| {
                let (ident, shift, count) = (&entry.ident, bits.shift, bits.count);
                quote!(.with(__mw::RecordField::held(&self.#ident), #shift, #count))
            });
            Some(quote!(<__mw::record::Bits as __mw::Default>::default() #(#parts)* .held()))
        }
        Some(_) => None,
    });
    quote! {
        fn from_held(__held: __mw::record::Held) -> Self {
            let mut __fields = __held.into_fields();
            #(#values)*
            Self { #(#fields),* }
        }

        fn held(&self) -> __mw::record::Held {
            __mw::record::Held::Record(<__mw::Vec<_> as __mw::From<_>>::from([#(#held),*]))
        }
    }
}

fn integer(head: usize) -> Ident {
    format_ident!("__bits_{head}")
}

/// A record that is read and written without a frame.
pub(super) fn of_record(ident: &Ident, encoding: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __mw::OwnedRecord for #ident {
            fn read(__region: &[__mw::u8]) -> __mw::record::Result<Self> {
                let __table = <Self as __mw::Record>::TABLE;
                __mw::record::read_owned(#encoding, __region, __table).map(__mw::RecordField::from_held)
            }

            fn write(
                &self,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::record::Unwritten> {
                let __table = <Self as __mw::Record>::TABLE;
                __mw::record::write_owned(#encoding, (__table, 0), &__mw::RecordField::held(self), __out)
            }
        }
    }
}

/// One of several records.
pub(super) fn of_variants(variants: &Checked<Variants>, encoding: &TokenStream) -> TokenStream {
    let ident = &variants.ident;
    let read = variants.records.iter().enumerate();
    let read = read.map(|(number, (variant, _))| {
        // The first one also stands for a number that no record has.
        let number = if number == 0 {
            quote!(_)
        } else {
            quote!(#number)
        };
        quote!(#number => #ident::#variant(__mw::RecordField::from_held(__held)))
    });
    let read = read.rev();
    let written = variants.records.iter().enumerate();
    let written = written.map(|(number, (variant, _))| {
        quote!(#ident::#variant(__record) => (#number, __mw::RecordField::held(__record)))
    });
    quote! {
        #[automatically_derived]
        impl __mw::OwnedRecord for #ident {
            fn read(__region: &[__mw::u8]) -> __mw::record::Result<Self> {
                let __table = <Self as __mw::Record>::TABLE;
                let __read = __mw::record::read_owned_of_several(#encoding, __region, __table);
                __read.map(|(__number, __held)| match __number {
                    #(#read),*
                })
            }

            fn write(
                &self,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::record::Unwritten> {
                let __table = <Self as __mw::Record>::TABLE;
                let (__number, __held) = match self {
                    #(#written),*
                };
                __mw::record::write_owned(#encoding, (__table, __number), &__held, __out)
            }
        }
    }
}
