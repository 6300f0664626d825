//! Rules about parts that are not in every frame, and about the flags that an edit sets with them.

use proc_macro2::Ident;

use crate::errors::Errors;
use crate::model::constraint::Constraint;
use crate::model::field::{Field, Fixed, Shape, Value};
use crate::model::frame::Frame;
use crate::model::literal;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        match &field.shape {
            Shape::Part(part) => {
                let length = part.length.map(|length| &frame.fields[length]);
                there_with_length(field, length, errors);
                has_no_role(field, errors);
            }
            Shape::Length(length) => {
                let part = frame.fields[length.cover.first].part();
                let own = part.is_some_and(|part| part.length == Some(index));
                measures_one_part(field, own, errors);
            }
            Shape::Fixed(fixed) => {
                if fixed.flag.is_some() {
                    is_only_flag(frame, index, fixed, errors);
                    has_fields(frame, index, field, errors);
                }
            }
            Shape::Check(_) => {}
        }
        one_flag(frame, field, errors);
    }
}

fn list(field: &Field) -> Option<Vec<String>> {
    let given = field.when.as_ref()?;
    Some(given.value.iter().map(Constraint::text).collect())
}

/// A part is there if its length is.
fn there_with_length(field: &Field, length: Option<&Field>, errors: &mut Errors) {
    let key = field.when.as_ref().map(|given| &given.key);
    let name = field.name();
    match (key, length) {
        (Some(key), _) if field.is_nullable() => errors.at(
            key.span(),
            format_args!("`when` cannot be used on an `Option`: `{name}` is absent by its length"),
        ),
        (Some(key), None) => errors.at(
            key.span(),
            format_args!(
                "`when` on `{name}` requires a length field of its own with the same `when`"
            ),
        ),
        (_, Some(length)) if list(field) != list(length) => {
            let key = key.or(length.when.as_ref().map(|given| &given.key));
            let span = key.map_or(field.ident.span(), Ident::span);
            errors.at(
                span,
                format_args!(
                    "`{name}` and its length `{}` are present together: write the same `when` on both",
                    length.name()
                ),
            );
        }
        _ => {}
    }
}

/// What the host asks for is in every frame.
fn has_no_role(field: &Field, errors: &mut Errors) {
    let (Some(part), Some(_)) = (field.part(), &field.when) else {
        return;
    };
    let keys = part.roles.iter().map(|role| &role.key);
    for key in keys.chain(part.codec.as_ref().map(|codec| &codec.key)) {
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used with `when`: such a part is in every frame"),
        );
    }
}

/// What a length covers that is not one part is there whatever other fields say.
fn measures_one_part(field: &Field, own: bool, errors: &mut Errors) {
    if let (Some(when), false) = (&field.when, own) {
        errors.at(
            when.key.span(),
            "`when` on a length requires that it measures one part: `len_of = part`",
        );
    }
}

/// An edit sets a flag, so nothing else may follow from it, and no one else set it.
fn is_only_flag(frame: &Frame, index: usize, fixed: &Fixed, errors: &mut Errors) {
    let field = &frame.fields[index];
    let role = fixed.roles.first().map(|role| &role.key);
    let value = match &fixed.value {
        Value::Magic(given) => Some(&given.key),
        Value::Tag(given) => Some(&given.key),
        Value::Ranges(tags) => Some(&tags.key),
        Value::Any | Value::Default(_) => None,
    };
    let header = field.header.as_ref().map(|header| &header.name.key);
    let others = [role, value, header, fixed.id_copy.as_ref()];
    if let (Some(key), Some(other)) = (&fixed.flag, others.into_iter().flatten().next()) {
        errors.at(
            key.span(),
            format_args!("`flag` cannot be used with `{other}`: an edit sets a flag"),
        );
    } else if let (Some(key), true) = (&fixed.flag, frame.says_kind(index)) {
        errors.at(
            key.span(),
            "`flag` cannot be used here: the kind of the frame depends on this field, which no edit changes",
        );
    }
}

/// With a flag fields come and go that the host sees, for an edit knows the values of no others; with one list of
/// values, and not with 0, which is that of a flag that is not set.
fn has_fields(frame: &Frame, index: usize, flag: &Field, errors: &mut Errors) {
    let depends = |field: &&Field| {
        let mut conditions = field.when.iter().flat_map(|given| &given.value);
        conditions.any(|constraint| constraint.field == index)
    };
    let key = flag.fixed().and_then(|fixed| fixed.flag.as_ref());
    let mut first: Option<String> = None;
    for field in frame.fields.iter().filter(depends) {
        let conditions = field.when.iter().flat_map(|given| &given.value);
        for constraint in conditions.filter(|constraint| constraint.field == index) {
            if first.get_or_insert(constraint.text()) != &constraint.text() {
                errors.on(
                    &constraint.name,
                    format_args!(
                        "`{}` is a flag: all that depend on it name the same values",
                        flag.name()
                    ),
                );
            }
            for value in &constraint.values {
                if literal::integer(value).is_none_or(|value| value <= 0) {
                    errors.on(value, "a flag that is set has a number above 0");
                }
            }
        }
        let follows = matches!(field.shape, Shape::Length(_) | Shape::Check(_));
        if field.header.is_none() && !follows {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` depends on the flag `{}` and is no header, so an edit that sets the flag has no value for it: add `header = \"name\"`, or remove `flag`",
                    field.name(),
                    flag.name()
                ),
            );
        }
    }
    if let (Some(key), None) = (key, first) {
        errors.at(
            key.span(),
            format_args!(
                "no field depends on the flag `{}`: write `when({} = 1)` on one",
                flag.name(),
                flag.name()
            ),
        );
    }
}

/// An edit sets one flag, not one of several.
fn one_flag(frame: &Frame, field: &Field, errors: &mut Errors) {
    let conditions = field.when.iter().flat_map(|given| &given.value);
    let mut flags = conditions.filter(|constraint| {
        let fixed = frame.fields[constraint.field].fixed();
        fixed.is_some_and(|fixed| fixed.flag.is_some())
    });
    if let (Some(first), Some(second)) = (flags.next(), flags.next()) {
        errors.on(
            &second.name,
            format_args!(
                "`{}` is a flag, too: a field depends on one flag",
                first.name
            ),
        );
    }
}
