//! A field as it was written, with its type read.

use crate::attrs::field::FieldSource;
use crate::errors::Errors;

use super::element::Element;

/// A field whose type is understood, and whose attributes are not yet.
pub(super) struct Draft<'a> {
    pub(super) source: &'a FieldSource<'a>,
    /// `None` if the type is refused.
    pub(super) element: Option<Element>,
}

impl<'a> Draft<'a> {
    pub(super) fn is_part(&self) -> bool {
        matches!(self.element, Some(Element::Part(_) | Element::Nullable(..)))
    }

    pub(super) fn all(fields: &'a [FieldSource<'a>], errors: &mut Errors) -> Vec<Self> {
        let drafts = fields.iter().map(|source| Draft {
            source,
            element: Element::of(source.ty, errors),
        });
        drafts.collect()
    }
}
