//! The borrowed shape: a struct over the frame's bytes, with an accessor per field.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::check::Checked;
use crate::expand::calls::{codec_call, summed, wire};
use crate::expand::values::initial;
use crate::expand::{idents, inputs};
use crate::model::field::{Field, Fixed, Part, PartKind, Shape};
use crate::model::frame::Frame;
use crate::names;

/// The struct itself, which is a sibling of the user's and so names the runtime in full.
pub(in crate::expand) fn item(frame: &Checked<Frame>) -> TokenStream {
    let runtime = names::runtime(frame.krate.as_ref());
    let (vis, ident) = (&frame.vis, &frame.ident);
    let view = idents::view(ident);
    let doc = format!("A [`{ident}`] over the bytes it came in.");
    let runs = frame.plan.runs().skip(1).map(|run| {
        let name = idents::run(run);
        quote!(#name: &'a [#runtime::__private::u8])
    });
    let metadata = frame.parts().filter_map(|(field, _)| {
        field.codec()?;
        let name = idents::metadata(field);
        Some(quote!(#name: #runtime::__private::Metadata))
    });
    let parts = frame.parts().map(|(field, _)| {
        let name = &field.ident;
        let region = quote!(&'a [#runtime::__private::u8]);
        if field.is_nullable() {
            quote!(#name: #runtime::__private::Option<#region>)
        } else {
            quote!(#name: #region)
        }
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #vis struct #view<'a> {
            __raw: &'a [#runtime::__private::u8],
            __head: &'a [#runtime::__private::u8; <#ident as #runtime::__private::Frame>::FIXED],
            #(#runs,)*
            #(#metadata,)*
            #(#parts,)*
        }
    }
}

pub(in crate::expand) fn accessors(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let fields = frame.fields.iter().enumerate();
    let accessors = fields.map(|(index, field)| match &field.shape {
        Shape::Fixed(fixed) => fixed_accessor(frame, index, field, fixed),
        Shape::Length(length) => number_accessor(
            field,
            "Length",
            &length.int.ty.to_token_stream(),
            &in_view(frame, index),
        ),
        Shape::Check(check) => {
            let value = summed(&check.algorithm, "Value");
            number_accessor(field, "Checksum", &value, &in_view(frame, index))
        }
        Shape::Part(part) => part_accessor(field, part),
    });
    quote! {
        #[automatically_derived]
        #[allow(dead_code)]
        impl<'a> #view<'a> {
            #(#accessors)*
        }
    }
}

/// What is read of a fixed field; of one that is not in this frame, what it starts from.
pub(in crate::expand) fn or_start(
    frame: &Checked<Frame>,
    index: usize,
    read: TokenStream,
    start: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let field = &frame.fields[index];
    if field.fixed().is_none() || !frame.plan.run_of(index).conditional {
        return read;
    }
    let (run, start) = (in_view(frame, index), start(initial(frame, field)));
    quote!((if #run.is_empty() { #start } else { #read }))
}

/// The bytes of a view that a fixed field is among.
pub(in crate::expand) fn in_view(frame: &Checked<Frame>, index: usize) -> TokenStream {
    let run = idents::run(frame.plan.run_of(index));
    quote!(self.#run)
}

/// An integer is read in place; every other type may not know the value.
fn fixed_accessor(
    frame: &Checked<Frame>,
    index: usize,
    field: &Field,
    fixed: &Fixed,
) -> TokenStream {
    let (vis, name, ty) = (&field.vis, &field.ident, &field.ty);
    let (run, slot) = (in_view(frame, index), idents::slot(field));
    let docs = docs(field, "Field");
    if fixed.int.is_some() {
        let call = quote!(__mw::get(#run, #slot));
        let call = or_start(frame, index, call, |start| start);
        quote! {
            #docs
            #[inline]
            #vis fn #name(&self) -> #ty {
                #call
            }
        }
    } else {
        let read = wire(field, "read");
        let call = quote!(#read(self.__raw, #run, #slot));
        let call = or_start(frame, index, call, |start| quote!(__mw::Ok(#start)));
        quote! {
            #docs
            ///
            /// Fails if its type knows no such value.
            #[inline]
            #vis fn #name(&self) -> __mw::Result<#ty, __mw::Error> {
                #call
            }
        }
    }
}

/// A length or a checksum is a fact of the wire, so it can be asked for even where the field is private.
fn number_accessor(field: &Field, what: &str, ty: &TokenStream, run: &TokenStream) -> TokenStream {
    let (name, slot) = (&field.ident, idents::slot(field));
    let docs = docs(field, what);
    quote! {
        #docs
        #[inline]
        pub fn #name(&self) -> #ty {
            __mw::get(#run, #slot)
        }
    }
}

fn part_accessor(field: &Field, part: &Part) -> TokenStream {
    let (vis, name) = (&field.vis, &field.ident);
    let slot = idents::slot(field);
    let docs = docs(field, "Part");
    match part.kind {
        PartKind::Headers if part.format.is_some() => {
            let format = idents::format(field);
            quote! {
                #docs
                ///
                /// Fails if it is not in its format.
                #vis fn #name(&self) -> __mw::Result<__mw::HeaderMap, __mw::Error> {
                    #format.map(self.__raw, self.#name, #slot)
                }
            }
        }
        PartKind::Headers => quote! {
            #docs
            ///
            /// Fails if it is not a run of whole pairs.
            #vis fn #name(&self) -> __mw::Result<__mw::Headers<'a>, __mw::Error> {
                __mw::headers(self.__raw, self.#name, #slot)
            }
        },
        PartKind::Text | PartKind::Bytes if part.nullable.is_some() => quote! {
            #docs
            ///
            /// `None` if it is absent.
            #[inline]
            #vis fn #name(&self) -> __mw::Option<&'a [__mw::u8]> {
                self.#name
            }
        },
        PartKind::Text | PartKind::Bytes => quote! {
            #docs
            #[inline]
            #vis fn #name(&self) -> &'a [__mw::u8] {
                self.#name
            }
        },
    }
}

/// What the author says about the field, or at least its name.
fn docs(field: &Field, what: &str) -> TokenStream {
    if field.docs.is_empty() {
        let doc = format!("{what} `{}`.", field.name());
        quote!(#[doc = #doc])
    } else {
        let docs = &field.docs;
        quote!(#(#docs)*)
    }
}

/// The parts with a payload codec, each with what it is read with: only for the conformance tests.
pub(in crate::expand) fn regions(frame: &Checked<Frame>) -> TokenStream {
    let regions = frame.parts().filter_map(|(field, _)| {
        let (name, ident, codec) = (field.name(), &field.ident, field.codec()?);
        let inputs = inputs::kept(frame, field, |run| quote!(self.#run))?;
        Some(codec_call(
            codec,
            "region",
            &quote!(#name, self.#ident, #inputs),
        ))
    });
    let regions: Vec<_> = regions.collect();
    if regions.is_empty() {
        return TokenStream::new();
    }
    let view = idents::view(&frame.ident);
    let runtime = names::runtime(frame.krate.as_ref());
    quote! {
        #runtime::__for_conformance! {
            #[automatically_derived]
            impl #view<'_> {
                #[doc(hidden)]
                pub fn __regions(&self) -> __mw::Vec<__mw::Region<'_>> {
                    <__mw::Vec<_> as __mw::From<_>>::from([#(#regions),*])
                }
            }
        }
    }
}
