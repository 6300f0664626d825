//! Which field is the id, the timeout, the status, the headers, the body, the kind.

use proc_macro2::Ident;

use super::field::Field;
use crate::attrs::field::FieldRole;
use crate::errors::Errors;

/// The fields that mean something to the host, by index.
#[derive(Debug)]
pub(crate) struct Roles {
    pub(crate) id: usize,
    pub(crate) timeout: Option<usize>,
    pub(crate) status: Option<usize>,
    pub(crate) headers: Option<usize>,
    pub(crate) body: Option<usize>,
    pub(crate) reason: Option<usize>,
    /// The part that says of itself what the frame is.
    pub(crate) kind: Option<usize>,
}

impl Roles {
    pub(super) fn resolve(frame: &Ident, fields: &[Field], errors: &mut Errors) -> Option<Self> {
        let timeout = only(FieldRole::Timeout, fields, errors);
        let status = only(FieldRole::Status, fields, errors);
        let headers = only(FieldRole::Headers, fields, errors);
        let body = only(FieldRole::Body, fields, errors);
        let reason = only(FieldRole::Reason, fields, errors);
        let kind = only(FieldRole::Kind, fields, errors);
        let Some(id) = only(FieldRole::Id, fields, errors) else {
            errors.on(
                frame,
                format_args!(
                    "`{frame}` has no id: the host matches replies to requests by id, so mark its field with `#[frame(id)]`"
                ),
            );
            return None;
        };
        Some(Roles {
            id,
            timeout,
            status,
            headers,
            body,
            reason,
            kind,
        })
    }
}

/// Each role belongs to one field.
fn only(role: FieldRole, fields: &[Field], errors: &mut Errors) -> Option<usize> {
    let mut first: Option<usize> = None;
    for (index, field) in fields.iter().enumerate() {
        let roles = field.roles();
        let Some(given) = roles.iter().find(|given| given.value == role) else {
            continue;
        };
        match first {
            None => first = Some(index),
            Some(first) => errors.at(
                given.key.span(),
                format_args!(
                    "`{}` is already the `{}` of this frame",
                    fields[first].name(),
                    given.key
                ),
            ),
        }
    }
    first
}
