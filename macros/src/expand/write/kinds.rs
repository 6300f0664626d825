//! An edit never changes what a frame is, where that follows from what hosts change.

use proc_macro2::TokenStream;
use quote::quote;

use crate::check::Checked;
use crate::expand::idents;
use crate::model::FieldRole;
use crate::model::field::Field;
use crate::model::frame::Frame;

/// Where the body says what a frame is: that a kept frame with another one is still what it was.
pub(in crate::expand) fn kept(frame: &Checked<Frame>) -> Option<TokenStream> {
    let body = says_kind(frame, FieldRole::Body)?;
    let (view, name) = (idents::view(&frame.ident), &body.ident);
    let (edit, slot) = (idents::region(body), idents::slot(body));
    Some(quote! {
        if let __mw::Some(__body) = #edit {
            let __edited = #view { #name: __body, ..*__view };
            __mw::same_kind(__view, &__edited, #slot)?;
        }
    })
}

/// Sets a field of an owned frame to a value; where the field says what the frame is, only to one with which
/// it still is that.
pub(in crate::expand) fn set(
    frame: &Checked<Frame>,
    field: &Field,
    role: FieldRole,
    value: &TokenStream,
) -> TokenStream {
    let (name, slot) = (&field.ident, idents::slot(field));
    if says_kind(frame, role).is_none() {
        return quote!(self.#name = #value;);
    }
    quote! {
        let (__kind, __value) = (__mw::Command::kind(self), #value);
        let __came = __mw::replace(&mut self.#name, __value);
        if __mw::Command::kind(self) != __kind {
            self.#name = __came;
            return __mw::Err(__mw::other_kind(#slot));
        }
    }
}

/// The field with a role, if it says what the frame is.
fn says_kind(frame: &Checked<Frame>, role: FieldRole) -> Option<&Field> {
    let mut fields = frame.fields.iter().enumerate();
    let (index, field) = fields.find(|(_, field)| field.has_role(role))?;
    frame.says_kind(index).then_some(field)
}
