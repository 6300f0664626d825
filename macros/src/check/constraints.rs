//! Rules about lists of values: `response(…)`, `heartbeat(…)`, `oneway(…)` and `when(…)`.

use syn::Expr;

use super::{literals, values};
use crate::errors::Errors;
use crate::model::constraint::{Constraint, Constraints};
use crate::model::field::{Fixed, PartKind, Shape, Start, Value};
use crate::model::frame::{Direction, Frame};
use crate::model::literal;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    if let Some(oneway) = &frame.oneway {
        request_only(frame, oneway, errors);
    }
    if let Some(local) = &frame.local {
        answered_here(frame, local, errors);
    }
    from_server(frame, errors);
    let lists = [
        &frame.response,
        &frame.heartbeat,
        &frame.heartbeat_ack,
        &frame.oneway,
        &frame.verbatim,
        &frame.local,
    ];
    for list in lists.into_iter().flatten() {
        not_by_default(frame, list, errors);
        values(frame, list, errors);
    }
    for list in frame.fields.iter().filter_map(|field| field.when.as_ref()) {
        values(frame, list, errors);
    }
}

fn values(frame: &Frame, list: &Constraints, errors: &mut Errors) {
    not_empty(list, errors);
    field_once(list, errors);
    for constraint in &list.value {
        fixed_field(frame, list, constraint, errors);
        possible_value(frame, constraint, errors);
        values::distinct(&constraint.values, "value", errors);
        let field = &frame.fields[constraint.field];
        values::fit_bits(field, &constraint.values, errors);
        // Of a part in a `when` there is an error already.
        if list.key != "when" || field.fixed().is_some() {
            literals::check(field, &constraint.values, errors);
        }
    }
}

/// Only a response is known by its sender: a struct for both halves has values that tell them apart.
fn from_server(frame: &Frame, errors: &mut Errors) {
    let Some(key) = &frame.from_server else {
        return;
    };
    if frame.direction != Direction::Response {
        errors.at(
            key.span(),
            "`from = server` is only valid on a struct that is a `response` alone",
        );
    }
}

/// A response answers; only a request can do without an answer.
fn request_only(frame: &Frame, oneway: &Constraints, errors: &mut Errors) {
    if frame.direction == Direction::Response {
        errors.at(
            oneway.key.span(),
            "`oneway` cannot be used on a response: only a request can be one-way",
        );
    }
}

/// The mesh answers requests.
fn answered_here(frame: &Frame, local: &Constraints, errors: &mut Errors) {
    if frame.direction == Direction::Response {
        errors.at(
            local.key.span(),
            "`local` cannot be used on a response: only a request is answered",
        );
    }
}

/// An empty list would hold for every frame.
fn not_empty(list: &Constraints, errors: &mut Errors) {
    if list.value.is_empty() {
        let key = &list.key;
        errors.at(
            key.span(),
            format_args!("`{key}` needs at least one value: `{key}(field = value)`"),
        );
    }
}

/// A field has one value at a time.
fn field_once(list: &Constraints, errors: &mut Errors) {
    for (index, constraint) in list.value.iter().enumerate() {
        if list.value[..index]
            .iter()
            .any(|other| other.field == constraint.field)
        {
            let name = &constraint.name;
            errors.on(
                name,
                format_args!("`{name}` is given twice in `{}`", list.key),
            );
        }
    }
}

/// A frame made of its defaults is an ordinary call or answer: a host's own answer must not go out as
/// a heartbeat. (A frame whose only tag says heartbeat is never anything else, and that is fine.)
fn not_by_default(frame: &Frame, list: &Constraints, errors: &mut Errors) {
    let all = &list.value;
    let free = |constraint: &&Constraint| !is_only_tag(frame, constraint);
    let fixed = |constraint: &&Constraint| frame.fields[constraint.field].fixed().is_some();
    let mut named = all.iter().filter(free);
    let Some(first) = named.clone().find(fixed).or_else(|| named.next()) else {
        return;
    };
    if all.iter().all(|constraint| by_default(frame, constraint)) {
        let (key, name) = (&list.key, &first.name);
        let instead = if fixed(&first) {
            format!("give `{name}` another default, the value of an ordinary frame")
        } else {
            format!(
                "`{name}` is empty by default, so use a field that has another value in an ordinary frame"
            )
        };
        errors.on(
            name,
            format_args!("a frame of default values would be a `{key}`: {instead}"),
        );
    }
}

/// Whether a field has one value in every frame.
fn is_only_tag(frame: &Frame, constraint: &Constraint) -> bool {
    let fixed = frame.fields[constraint.field].fixed();
    fixed.is_some_and(|fixed| matches!(&fixed.value, Value::Tag(tags) if tags.value.len() == 1))
}

fn by_default(frame: &Frame, constraint: &Constraint) -> bool {
    let mut values = constraint.values.iter();
    values.any(|value| match &frame.fields[constraint.field].shape {
        Shape::Fixed(fixed) => constraint.field != frame.roles.id && holds_by_default(fixed, value),
        Shape::Part(part) => part.kind == PartKind::Bytes && literal::is_empty(value),
        Shape::Length(_) | Shape::Check(_) => false,
    })
}

fn holds_by_default(fixed: &Fixed, value: &Expr) -> bool {
    match &fixed.value {
        Value::Any => match fixed.start {
            Start::Bytes if fixed.int.is_some() => literal::integer(value) == Some(0),
            Start::Bytes => {
                literal::bytes(value).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0))
            }
            Start::Text => literal::is_empty(value),
            Start::Unknown => false,
        },
        Value::Magic(_) => false,
        Value::Tag(tags) => {
            let first = tags.value.first();
            first.is_some_and(|first| literal::same(first, value))
        }
        Value::Default(given) => literal::same(&given.value, value),
        Value::Ranges(tags) => {
            let start = tags.start();
            start.is_some_and(|start| literal::same(start, value))
        }
    }
}

/// What makes a heartbeat is read from fixed fields whose value is neither the host's (the id) nor always
/// the same (a magic), or from the bytes of a part.
fn fixed_field(frame: &Frame, list: &Constraints, constraint: &Constraint, errors: &mut Errors) {
    let varint = frame.fields[constraint.field].varint().is_some();
    let why = match &frame.fields[constraint.field].shape {
        // Of `when` there is a rule of its own.
        Shape::Part(_) | Shape::Length(_) | Shape::Check(_) if list.key == "when" => return,
        Shape::Part(part) if part.codec.is_some() => {
            "its codec decides the kind of the frame, with `kind`".to_owned()
        }
        Shape::Part(part) if part.kind == PartKind::Bytes => return,
        Shape::Part(part) => format!(
            "it is a `{}`, so use a fixed field or `Bytes`",
            part.kind.name()
        ),
        Shape::Length(_) => "it is a `Len` field, whose value is computed".to_owned(),
        Shape::Check(_) => "it is a `Check` field, whose value is computed".to_owned(),
        Shape::Fixed(_) if constraint.field == frame.roles.id => {
            "it is the id, which differs in every frame".to_owned()
        }
        Shape::Fixed(_) if varint && list.key == "when" => return,
        Shape::Fixed(_) if varint => "it is a varint, so use a field of fixed width".to_owned(),
        Shape::Fixed(fixed) if fixed.id_copy.is_some() => {
            "it is a copy of the id, which differs in every frame".to_owned()
        }
        Shape::Fixed(fixed) if matches!(fixed.value, Value::Magic(_)) => {
            "it is a magic, the same in every frame".to_owned()
        }
        Shape::Fixed(_) => return,
    };
    let (key, name) = (&list.key, &constraint.name);
    errors.on(
        name,
        format_args!("`{name}` cannot be used in `{key}`: {why}"),
    );
}

/// A value that no frame can have makes no frame a heartbeat. Only literals are compared: two names may
/// be one value.
fn possible_value(frame: &Frame, constraint: &Constraint, errors: &mut Errors) {
    let fixed = frame.fields[constraint.field].fixed();
    if let Some(Value::Ranges(tags)) = fixed.map(|fixed| &fixed.value) {
        let never = constraint.values.iter();
        for value in never.filter(|value| tags.allow(value) == Some(false)) {
            let (name, text) = (&constraint.name, literal::text(value));
            errors.on(
                value,
                format_args!("`{name}` is never `{text}`: its tag excludes it"),
            );
        }
        return;
    }
    let Shape::Fixed(Fixed {
        value: Value::Tag(tags),
        ..
    }) = &frame.fields[constraint.field].shape
    else {
        return;
    };
    if !tags.value.iter().all(literal::is_literal) {
        return;
    }
    for value in &constraint.values {
        let mut tags_of = tags.value.iter();
        if literal::is_literal(value) && !tags_of.any(|tag| literal::same(tag, value)) {
            let all: Vec<String> = tags.value.iter().map(literal::text).collect();
            let (name, text) = (&constraint.name, literal::text(value));
            errors.on(
                value,
                format_args!(
                    "`{name}` is never `{text}`: its tags are {}",
                    all.join(", ")
                ),
            );
        }
    }
}
