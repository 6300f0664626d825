//! The names of generated items and locals.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::field::Field;
use crate::model::plan::Run;

/// The borrowed shape of a frame.
pub(super) fn view(frame: &Ident) -> Ident {
    format_ident!("{}View", frame)
}

/// The place of a field: a const of type `Slot`.
pub(super) fn slot(field: &Field) -> Ident {
    format_ident!("__AT_{}", field.name().to_uppercase())
}

/// A value that the declaration names of a field, by its number: a const of the field's type.
pub(super) fn value(field: &Field, number: usize) -> Ident {
    format_ident!("__{}_IS_{}", field.name().to_uppercase(), number)
}

/// The values of a magic or a tag: a const, a slice of the field's type.
pub(super) fn values(field: &Field) -> Ident {
    format_ident!("__{}_IS", field.name().to_uppercase())
}

/// The bytes of a part: a local.
pub(super) fn region(part: &Field) -> Ident {
    format_ident!("__{}_region", part.name())
}

/// Whether a part that can be absent is there: a local.
pub(super) fn there(part: &Field) -> Ident {
    format_ident!("__{}_there", part.name())
}

/// Whether the headers with the name of a field that is absent are all of the header map: a local.
pub(super) fn of_map(field: &Field) -> Ident {
    format_ident!("__{}_of_map", field.name())
}

/// The format of a header map in its region: a const of type `Format`.
pub(super) fn format(headers: &Field) -> Ident {
    format_ident!("__{}_FORMAT", headers.name().to_uppercase())
}

/// The bytes of a run, or of a varint: a local, and a field of the view.
pub(super) fn run(run: &Run) -> Ident {
    match run.number {
        0 => format_ident!("__head"),
        number => format_ident!("__run_{}", number),
    }
}

/// How many bytes a run has: a const.
pub(super) fn size(run: &Run) -> Ident {
    match run.number {
        0 => format_ident!("__FIXED"),
        number => format_ident!("__SIZE_{}", number),
    }
}

/// Where a run begins: a local of the scan, and 0 for the one at the front.
pub(super) fn base(run: &Run) -> TokenStream {
    match run.number {
        0 => quote!(0),
        number => {
            let base = format_ident!("__base_{}", number);
            quote!(#base)
        }
    }
}

/// The metadata of a part: a local, and a field of the view.
pub(super) fn metadata(part: &Field) -> Ident {
    format_ident!("__{}_metadata", part.name())
}

/// What a part is read with: a type.
pub(super) fn inputs(part: &Field) -> Ident {
    format_ident!("__{}_inputs", part.name())
}

/// Where what a length covers begins: a local of the scan.
pub(super) fn start(length: &Field) -> Ident {
    format_ident!("__{}_start", length.name())
}

/// What holds again when a length's fields are read: a local of the scan.
pub(super) fn outer(length: &Field) -> Ident {
    format_ident!("__{}_outer", length.name())
}

/// Whether an edit changes a flag: a local.
pub(super) fn flag(field: &Field) -> Ident {
    format_ident!("__{}_flag", field.name())
}

/// What the headers want in the place of a field: a local.
pub(super) fn header(field: &Field) -> Ident {
    format_ident!("__{}_header", field.name())
}
