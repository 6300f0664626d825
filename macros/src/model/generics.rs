//! What a declaration is over: nothing.

use syn::DeriveInput;

use crate::errors::Errors;

/// A frame is one fixed sequence of fields, and its owned shape borrows nothing.
pub(super) fn no_generics(input: &DeriveInput, errors: &mut Errors) {
    let ident = &input.ident;
    if !input.generics.params.is_empty() {
        errors.on(
            &input.generics,
            format_args!(
                "`{ident}` cannot have generic parameters or lifetimes: its layout is fixed"
            ),
        );
    } else if let Some(clause) = &input.generics.where_clause {
        errors.on(
            clause.where_token,
            format_args!("`{ident}` cannot have a `where` clause: remove it"),
        );
    }
}
