//! Rules about the order of the fields.

use crate::errors::Errors;
use crate::model::field::Shape;
use crate::model::frame::Frame;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    length_before_part(frame, errors);
    header_before_parts(frame, errors);
}

/// A length field stands before the part it measures: a reader must know where the part ends when it
/// gets there.
fn length_before_part(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let Shape::Length(length) = &field.shape else {
            continue;
        };
        if length.part < index {
            let part = frame.fields[length.part].name();
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` must stand before `{part}`, the part it measures",
                    field.name()
                ),
            );
        }
    }
}

/// All fixed fields come before the first part, so that the fixed header alone tells the length of the
/// frame. A misplaced length field has its own error.
fn header_before_parts(frame: &Frame, errors: &mut Errors) {
    let mut fields = frame.fields.iter().enumerate();
    let Some((_, part)) = fields.find(|(_, field)| matches!(field.shape, Shape::Part(_))) else {
        return;
    };
    for (index, field) in fields {
        let misplaced = match &field.shape {
            Shape::Fixed(_) => true,
            Shape::Length(length) => length.part > index,
            Shape::Part(_) => false,
        };
        if misplaced {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` stands after the part `{}`: fixed fields and length fields come before the first part",
                    field.name(),
                    part.name()
                ),
            );
        }
    }
}
