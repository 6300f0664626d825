//! The names of generated items and locals.

use proc_macro2::Ident;
use quote::format_ident;

use crate::model::field::Field;

/// The borrowed shape of a frame.
pub(super) fn view(frame: &Ident) -> Ident {
    format_ident!("{}View", frame)
}

/// Where a field stands: a const of type `Slot`.
pub(super) fn slot(field: &Field) -> Ident {
    format_ident!("__AT_{}", field.name().to_uppercase())
}

/// The bytes of a part: a local.
pub(super) fn region(part: &Field) -> Ident {
    format_ident!("__{}_region", part.name())
}

/// How a header map lies in its region: a const of type `Format`.
pub(super) fn format(headers: &Field) -> Ident {
    format_ident!("__{}_FORMAT", headers.name().to_uppercase())
}
