//! Rules about the head of an entry.

use crate::errors::Errors;
use crate::model::entry::{Entry, bits, integer, is_text};
use crate::model::field::{Field, Shape, Value};
use crate::model::literal;

pub(super) fn check(entry: &Entry, errors: &mut Errors) {
    if let (Some(pad), None) = (&entry.pad, entry.padding()) {
        errors.on(&pad.value, "`pad` is from 1 to 255 bytes");
    }
    for (index, field) in entry.fields.iter().enumerate() {
        shape(entry, index, field, errors);
        when(entry, index, field, errors);
    }
    keys(entry, errors);
    value(entry, errors);
    groups(entry, errors);
}

/// A head has unsigned integers, lengths, and perhaps a text that is the key.
fn shape(entry: &Entry, index: usize, field: &Field, errors: &mut Errors) {
    let is_value = entry
        .value
        .as_ref()
        .is_some_and(|value| value.value == index);
    let is_name = entry.is_key(index) && is_text(field);
    if is_value {
        return;
    }
    match &field.shape {
        Shape::Part(part) if is_name && part.length.is_some() => {}
        Shape::Part(_) if is_name => errors.on(
            &field.ident,
            format_args!(
                "`{0}` requires a length field: `#[frame(len_of = {0})] {0}_len: Len<u8>`",
                field.ident
            ),
        ),
        Shape::Part(_) => errors.on(
            &field.ident,
            "of the parts of an entry one is its `value`, and a `Text` may be its `key`",
        ),
        _ if integer(field).is_none() => errors.on(
            &field.ty,
            "the head of an entry has unsigned integers of fixed width",
        ),
        Shape::Length(length) => {
            let cover = length.cover;
            let name = cover.first == cover.last && entry.is_key(cover.first);
            let value = entry
                .value
                .as_ref()
                .is_none_or(|value| cover.last == value.value);
            if !name && !value {
                errors.on(
                    &field.ident,
                    format_args!(
                        "`{}` measures neither a key nor fields up to the value",
                        field.ident
                    ),
                );
            }
        }
        _ => {}
    }
}

/// A field is there because of fields before it.
fn when(entry: &Entry, index: usize, field: &Field, errors: &mut Errors) {
    let Some(when) = &field.when else {
        return;
    };
    let is_first = entry.keys.first().is_some_and(|key| key.value == index);
    if is_first || bits(field).is_some() {
        let what = if is_first {
            "the first key of an entry"
        } else {
            "bits"
        };
        errors.at(
            when.key.span(),
            format_args!("`when` cannot be used on {what}"),
        );
    }
    for constraint in &when.value {
        let other = &entry.fields[constraint.field];
        if constraint.field >= index || other.fixed().is_none() || other.when.is_some() {
            errors.on(
                &constraint.name,
                format_args!(
                    "`{}` cannot be used in `when`: it is no integer before this field",
                    constraint.name
                ),
            );
        }
        let default = other.fixed().map(|fixed| &fixed.value);
        let by_default = constraint.values.iter().any(|value| match default {
            Some(Value::Default(given)) => literal::same(&given.value, value),
            _ => literal::integer(value) == Some(0),
        });
        if entry.is_key(index) && by_default {
            errors.on(
                &constraint.name,
                "an entry of default values would have this key: give the field another default",
            );
        }
    }
}

/// A key is one text, or one or two numbers.
fn keys(entry: &Entry, errors: &mut Errors) {
    let Some((first, others)) = entry.keys.split_first() else {
        errors.on(
            &entry.ident,
            format_args!(
                "`{}` has no key: add `#[frame(key)]` to a field",
                entry.ident
            ),
        );
        return;
    };
    for key in others.iter().skip(usize::from(!entry.is_named())) {
        errors.at(
            key.key.span(),
            "the key of an entry is one text, or at most two integers",
        );
    }
    let wide = |index: usize| {
        integer(&entry.fields[index]).is_some_and(|int| int.pattern(-1) > u32::MAX.into())
    };
    for key in std::iter::once(first).chain(others) {
        if !others.is_empty() && wide(key.value) {
            errors.at(
                key.key.span(),
                "of a key of two integers each has at most 32 bits",
            );
        }
        if bits(&entry.fields[key.value]).is_some() {
            errors.at(key.key.span(), "`key` cannot be used with `bits`");
        }
    }
}

/// The value is what comes last, and one length says where it ends.
fn value(entry: &Entry, errors: &mut Errors) {
    let Some(value) = &entry.value else {
        errors.on(
            &entry.ident,
            format_args!(
                "`{}` has no value: add `#[frame(value)]` to its last field, of `Bytes`",
                entry.ident
            ),
        );
        return;
    };
    if value.value + 1 != entry.fields.len() {
        errors.at(
            value.key.span(),
            "the `value` is the last field of an entry",
        );
        return;
    }
    let mut lengths = entry.lengths();
    let first = lengths.next();
    if first.is_none() {
        errors.at(
            value.key.span(),
            "the `value` requires a length field: `Len<u16>` with `len_of = ..` or with the name of the value",
        );
    }
    for (index, _) in lengths {
        errors.on(
            &entry.fields[index].ident,
            "the `value` has one length field",
        );
    }
}

/// Bits fill integers.
fn groups(entry: &Entry, errors: &mut Errors) {
    let mut index = 0;
    while let Some(field) = entry.fields.get(index) {
        let shares = field.fixed().and_then(|fixed| fixed.bits.as_ref());
        let group = entry.bits_from(index);
        let sum: u32 = group.iter().map(|(_, count)| u32::from(*count)).sum();
        if shares.is_some() && !matches!(sum, 8 | 16 | 32 | 64) {
            errors.on(
                &field.ident,
                format_args!(
                    "the fields with `bits` from here on have {sum} bits together: an integer has 8, 16, 32 or 64"
                ),
            );
        }
        index += group.len().max(1);
    }
}
