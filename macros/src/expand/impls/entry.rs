//! The head of an entry: one call per field, to read it and to write it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Expr;
use syn::ext::IdentExt;

use crate::check::Checked;
use crate::expand::slots::order;
use crate::model::constraint::Constraint;
use crate::model::entry::{Entry, bits, integer, is_text};
use crate::model::field::{Field, Shape, Value};

pub(in crate::expand) fn layout(entry: &Checked<Entry>) -> TokenStream {
    let ident = &entry.ident;
    let key = if entry.is_named() {
        quote!(&'r [__mw::u8])
    } else {
        quote!(__mw::u64)
    };
    let length = entry.lengths().next().map(|(_, length)| &length.int.ty);
    let endian = order(entry.endian);
    let pad = entry.padding().filter(|pad| *pad > 1).map(|pad| {
        let pad = Literal::u8_unsuffixed(pad);
        quote!(const PAD: __mw::usize = #pad;)
    });
    let names = entry.fields.iter().enumerate();
    let names = names.filter(|(index, field)| is_given(entry, *index, field));
    let names = names.map(|(_, field)| field.name());
    let second = entry.second_key().map(|field| {
        let name = field.name();
        quote!(const SECOND: __mw::Option<&'static __mw::str> = __mw::Some(#name);)
    });
    let fields = entry.fields.iter().map(|field| &field.ident);
    let (read, write) = (read(entry), write(entry));
    quote! {
        #[automatically_derived]
        impl __mw::EntryLayout for #ident {
            type Key<'r> = #key;
            type Length = #length;
            const ENDIAN: __mw::Endian = #endian;
            #pad
            const GIVEN: &'static [&'static __mw::str] = &[#(#names),*];
            #second
            #read
            #write
        }
        // The fields say how entries look, and nothing has them.
        const _: fn(&#ident) = |__entry| {
            let _ = (#(&__entry.#fields,)*);
        };
    }
}

/// Whether a field of a record can give it a value.
fn is_given(entry: &Entry, index: usize, field: &Field) -> bool {
    let is_first = entry.keys.first().is_some_and(|key| key.value == index);
    field.fixed().is_some() && !is_first && entry.of_second_key(index).is_none()
}

/// The value of a field in the functions.
fn local(index: usize) -> Ident {
    format_ident!("__field{index}")
}

/// The runs of the head: an integer, a text, or some fields that share an integer.
fn runs(entry: &Entry) -> Vec<(usize, Vec<(usize, u8)>)> {
    let (mut runs, mut index) = (Vec::new(), 0);
    let value = entry.value.as_ref().map(|value| value.value);
    while index < entry.fields.len() && Some(index) != value {
        let group = entry.bits_from(index);
        let next = index + group.len().max(1);
        runs.push((index, group));
        index = next;
    }
    runs
}

/// Where the length of the value counts from.
fn counts_from(entry: &Entry) -> Option<usize> {
    entry.lengths().next().map(|(_, length)| length.cover.first)
}

fn counted(entry: &Entry, index: usize) -> Option<TokenStream> {
    (counts_from(entry) == Some(index)).then(|| quote!(__entry.counted();))
}

/// Where the value starts, if the length counts nothing before it.
fn counted_at_value(entry: &Entry) -> Option<TokenStream> {
    counted(entry, entry.value.as_ref()?.value)
}

/// The integer that fields of bits share.
fn shared(group: &[(usize, u8)]) -> TokenStream {
    match group.iter().map(|(_, count)| u32::from(*count)).sum() {
        8_u32 => quote!(__mw::u8),
        16 => quote!(__mw::u16),
        32 => quote!(__mw::u32),
        _ => quote!(__mw::u64),
    }
}

/// Each field of a group with its lowest bit.
fn shifts(group: &[(usize, u8)]) -> impl Iterator<Item = (usize, u8, Literal)> {
    let sum: u8 = group.iter().map(|(_, count)| count).sum();
    let mut left = sum;
    group.iter().map(move |(index, count)| {
        left -= count;
        (*index, *count, Literal::u8_unsuffixed(left))
    })
}

fn read(entry: &Entry) -> TokenStream {
    let endian = order(entry.endian);
    let steps = runs(entry).into_iter().map(|(index, group)| {
        let field = &entry.fields[index];
        let (here, name) = (counted(entry, index), local(index));
        let ty = integer(field).map(|int| &int.ty);
        let read = if !group.is_empty() {
            let ty = shared(&group);
            let fields = shifts(&group).map(|(index, count, shift)| {
                let (name, unused) = (local(index), Literal::u8_unsuffixed(64 - count));
                quote!(let #name = __bits >> #shift & (__mw::u64::MAX >> #unused);)
            });
            quote! {
                let __bits = __entry.int::<#ty>(#endian)?;
                #(#fields)*
            }
        } else if let Some(length) = of_text(entry, index) {
            let length = local(length);
            quote!(let #name = __entry.bytes(#length)?;)
        } else if entry.lengths().any(|(length, _)| length == index) {
            quote!(__entry.len::<#ty>(#endian)?;)
        } else if let Some(holds) = holds(field) {
            quote!(let #name = if #holds { __entry.int::<#ty>(#endian)? } else { 0 };)
        } else {
            quote!(let #name = __entry.int::<#ty>(#endian)?;)
        };
        quote!(#here #read)
    });
    let at_value = counted_at_value(entry);
    let mut keys = entry.keys.iter().map(|key| local(key.value));
    let key = match (keys.next(), keys.next()) {
        (Some(first), Some(second)) => quote!(#first << 32 | #second),
        (first, _) => quote!(#first),
    };
    quote! {
        #[inline]
        fn read<'r>(__entry: &mut __mw::EntryReader<'r>) -> __mw::Option<Self::Key<'r>> {
            #(#steps)*
            #at_value
            __mw::Some(#key)
        }
    }
}

/// The length field of a text.
fn of_text(entry: &Entry, index: usize) -> Option<usize> {
    let field = &entry.fields[index];
    is_text(field).then(|| field.part()?.length).flatten()
}

/// The text that a length field measures.
fn text_of(entry: &Entry, index: usize) -> Option<usize> {
    let mut texts = 0..entry.fields.len();
    texts.find(|text| of_text(entry, *text) == Some(index))
}

/// Whether a field is there.
fn holds(field: &Field) -> Option<TokenStream> {
    let when = field.when.as_ref()?;
    let tests = when.value.iter().map(|Constraint { field, values, .. }| {
        let name = local(*field);
        let values = values.iter().map(number);
        quote!((#(#name == #values)||*))
    });
    Some(quote!(#(#tests)&&*))
}

fn number(value: &Expr) -> TokenStream {
    quote!((#value) as __mw::u64)
}

fn write(entry: &Entry) -> TokenStream {
    let endian = order(entry.endian);
    let fields = entry.fields.iter().enumerate();
    let values = fields.filter_map(|(index, field)| value(entry, index, field));
    let steps = runs(entry).into_iter().map(|(index, group)| {
        let field = &entry.fields[index];
        let (here, name) = (counted(entry, index), local(index));
        let ty = integer(field).map(|int| &int.ty);
        let write = if !group.is_empty() {
            let ty = shared(&group);
            let fields = shifts(&group).map(|(index, _, shift)| {
                let name = local(index);
                quote!(#name << #shift)
            });
            quote!(__entry.int::<#ty>(#(#fields)|*, #endian)?;)
        } else if of_text(entry, index).is_some() {
            quote!(__entry.bytes(__key);)
        } else if text_of(entry, index).is_some() {
            quote!(__entry.len_of::<#ty>(__key, #endian)?;)
        } else if entry.lengths().any(|(length, _)| length == index) {
            quote!(__entry.len::<#ty>(#endian);)
        } else if let Some(holds) = holds(field) {
            quote! {
                if #holds {
                    __entry.int::<#ty>(#name, #endian)?;
                }
            }
        } else {
            quote!(__entry.int::<#ty>(#name, #endian)?;)
        };
        quote!(#here #write)
    });
    let at_value = counted_at_value(entry);
    let second = entry
        .second_key()
        .map(|_| quote!(let __second = __key & 0xffff_ffff;));
    quote! {
        fn write(
            __key: Self::Key<'_>,
            __entry: &mut __mw::EntryWriter<'_, '_>,
        ) -> __mw::Result<(), __mw::FormatError> {
            #second
            #(#values)*
            #(#steps)*
            #at_value
            __mw::Ok(())
        }
    }
}

/// What a field is written with.
fn value(entry: &Entry, index: usize, field: &Field) -> Option<TokenStream> {
    let Shape::Fixed(fixed) = &field.shape else {
        return None;
    };
    let name = local(index);
    let position = entry.keys.iter().position(|key| key.value == index);
    let value = match (position, entry.keys.len()) {
        (Some(0), 2) => quote!(__key >> 32),
        (Some(1), _) => quote!(__second),
        (Some(_), _) => quote!(__key),
        (None, _) => {
            let default = if let Value::Default(given) = &fixed.value {
                number(&given.value)
            } else {
                quote!(0)
            };
            let field_name = field.ident.unraw().to_string();
            let bits = Literal::u8_unsuffixed(bits(field).unwrap_or(64));
            let given = quote!(__entry.given(#field_name, #default, #bits)?);
            match entry.of_second_key(index) {
                Some(value) => {
                    let value = number(value);
                    quote!(if __second == 0 { #default } else { #value })
                }
                None => given,
            }
        }
    };
    Some(quote!(let #name = #value;))
}
