//! Rules about the fields that the payload codec of a part is read with.

use crate::errors::Errors;
use crate::model::FieldRole;
use crate::model::Given;
use crate::model::field::{Field, Input, Shape};
use crate::model::frame::Frame;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for (index, part) in frame.fields.iter().enumerate() {
        let inputs = part.part().and_then(|part| part.inputs.as_ref());
        let Some(inputs) = inputs else { continue };
        listed_once(inputs, errors);
        for input in &inputs.value {
            integer(frame, input, errors);
            known_before(frame, index, input, errors);
            stays(frame, input, errors);
        }
    }
}

/// A list of nothing is a mistake, and a field has one value.
fn listed_once(inputs: &Given<Vec<Input>>, errors: &mut Errors) {
    let (key, list) = (&inputs.key, &inputs.value);
    if list.is_empty() {
        errors.at(
            key.span(),
            "`inputs` needs at least one field: `inputs(field, …)`",
        );
    }
    for (index, input) in list.iter().enumerate() {
        if list[..index].iter().any(|other| other.field == input.field) {
            let name = &input.name;
            errors.on(name, format_args!("`{name}` is given twice in `inputs`"));
        }
    }
}

/// What every shape of the frame has at hand is an integer.
fn integer(frame: &Frame, input: &Input, errors: &mut Errors) {
    let field = &frame.fields[input.field];
    let what = match &field.shape {
        Shape::Fixed(fixed) if fixed.int.is_some() => return,
        Shape::Fixed(_) => "its type is not an integer: declare it as one, such as `u8`".to_owned(),
        Shape::Length(_) => "it is a `Len` field, whose value is computed".to_owned(),
        Shape::Check(_) => "it is a `Check` field, whose value is computed".to_owned(),
        Shape::Part(part) => format!("it is a `{}`, not an integer", part.kind.name()),
    };
    let name = &input.name;
    errors.on(
        name,
        format_args!("`{name}` cannot be used in `inputs`: {what}"),
    );
}

/// A part is read with what is known when a reader gets to it.
fn known_before(frame: &Frame, part: usize, input: &Input, errors: &mut Errors) {
    if input.field > part && frame.fields[input.field].fixed().is_some() {
        let (name, part) = (&input.name, frame.fields[part].name());
        errors.on(
            name,
            format_args!(
                "`{name}` comes after `{part}`, which is decoded with it: declare it before `{part}`"
            ),
        );
    }
}

/// What the host sets would change under the part that is read with it.
fn stays(frame: &Frame, input: &Input, errors: &mut Errors) {
    let (field, name) = (&frame.fields[input.field], &input.name);
    if is_id(field) {
        errors.on(
            name,
            format_args!("`{name}` cannot be used in `inputs`: the host sets the id"),
        );
    }
    if field
        .header
        .as_ref()
        .is_some_and(|header| !header.read_only)
    {
        errors.on(
            name,
            format_args!(
                "`{name}` cannot be used in `inputs`, because hosts can change its header: add `read_only` to it"
            ),
        );
    }
}

fn is_id(field: &Field) -> bool {
    let copy = field.fixed().and_then(|fixed| fixed.id_copy.as_ref());
    field.has_role(FieldRole::Id) || copy.is_some()
}
