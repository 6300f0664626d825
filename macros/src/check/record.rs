//! Rules about records.

use syn::{Expr, ExprLit, Lit, Type};

use crate::attrs::record::Encoding;
use crate::errors::Errors;
use crate::model::literal;
use crate::model::record::{Entry, Record, Role, Variants};
use crate::suggest;

/// The numbers that a field of protobuf can have; those between the two ranges are reserved.
const PROTOBUF: [core::ops::RangeInclusive<u32>; 2] = [1..=18_999, 20_000..=536_870_911];

pub(super) fn check(record: &Record, errors: &mut Errors) {
    keys(record, errors);
    roles(record, errors);
    for (index, entry) in record.entries.iter().enumerate() {
        rest(record, index, errors);
        tag(record, entry, errors);
        optional(entry, errors);
        bits(record, entry, errors);
    }
    cases(record, errors);
    if record.entries.is_empty() {
        let ident = &record.ident;
        errors.on(
            ident,
            format_args!("`{ident}` has no fields: a record has at least one"),
        );
    }
}

/// Keys are numbers or texts, and each is there once.
fn keys(record: &Record, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for (index, entry) in record.entries.iter().enumerate() {
        if entry.bits.is_some_and(|bits| bits.head != index) || entry.rest.is_some() {
            continue;
        }
        let key = match &entry.key {
            Lit::Int(number) if number.base10_parse::<u32>().is_ok() => {
                number.base10_digits().to_owned()
            }
            Lit::Str(name) => name.value(),
            other => {
                errors.on(other, "a key is a number from 0 to 4294967295, or a text");
                continue;
            }
        };
        if let Some(encoding) = &record.encoding {
            of_encoding(&encoding.value, entry, errors);
        }
        let given = entry.given.iter();
        let given = given.map(|given| format!(" {}={}", given.key, literal::text(&given.value)));
        let key = key.clone() + &given.collect::<String>();
        if seen.contains(&key) {
            errors.on(
                &entry.key,
                format_args!("the key `{key}` is already that of another field"),
            );
        }
        seen.push(key);
    }
}

/// What the encoding has as keys.
fn of_encoding(encoding: &Encoding, entry: &Entry, errors: &mut Errors) {
    let number = match &entry.key {
        Lit::Int(number) => number.base10_parse::<u32>().ok(),
        _ => None,
    };
    let message = match (encoding, number) {
        (Encoding::Protobuf | Encoding::Tlv(_) | Encoding::Jce | Encoding::Bitmap(_), None) => {
            "this encoding has numbers as keys: write `#[record(1)]`"
        }
        (Encoding::Protobuf, Some(number))
            if !PROTOBUF.iter().any(|range| range.contains(&number)) =>
        {
            "a field of protobuf has a number from 1 to 536870911, without 19000 to 19999"
        }
        (Encoding::Bitmap(_), Some(..2 | 129..)) => "an element has a number from 2 to 128",
        (Encoding::Jce, Some(256..)) => "a field of JCE has a number from 0 to 255",
        (Encoding::Json | Encoding::Xml(_), Some(_)) => {
            "this encoding has names as keys: write `#[record(\"name\")]`"
        }
        _ => return,
    };
    errors.on(&entry.key, message);
}

/// A role is that of one field, and of a whole one.
fn roles(record: &Record, errors: &mut Errors) {
    let mut seen: Vec<(String, &syn::Ident)> = Vec::new();
    for entry in &record.entries {
        let role = entry.role.as_ref().map(|(_, key)| key);
        for key in role.into_iter().chain(&entry.reason) {
            let word = key.to_string();
            match seen.iter().find(|(other, _)| *other == word) {
                Some((_, first)) => errors.at(
                    key.span(),
                    format_args!("`{first}` is already the `{word}` of this record"),
                ),
                None => seen.push((word, &entry.ident)),
            }
            if let (Some(_), true) = (&entry.header, key == "headers") {
                errors.at(
                    key.span(),
                    "`headers` cannot be used with `header`: its pairs are the headers",
                );
            }
        }
    }
}

/// All other keys are headers, and come after those of fields.
fn rest(record: &Record, index: usize, errors: &mut Errors) {
    let entry = &record.entries[index];
    let Some(rest) = &entry.rest else {
        return;
    };
    let span = rest.span();
    let is_headers = matches!(entry.role, Some((Role::Headers, _)));
    match &record.encoding {
        Some(given)
            if matches!(
                given.value,
                Encoding::Protobuf | Encoding::Tlv(_) | Encoding::Jce | Encoding::Bitmap(_)
            ) =>
        {
            errors.at(
                span,
                "this encoding has numbers as keys: `rest` is for encodings with names",
            );
        }
        _ if !is_headers => {
            errors.at(
                span,
                "`rest` requires `headers`: write `#[record(rest, headers)]`",
            );
        }
        _ if index + 1 < record.entries.len() => {
            errors.at(span, "the field with `rest` is the last one of its record");
        }
        _ => {}
    }
}

/// `tag` has values, unless it distinguishes the records of an enum, whose encoding is declared there.
fn tag(record: &Record, entry: &Entry, errors: &mut Errors) {
    if let (Some(tag), Some(_)) = (&entry.tag, entry.bits) {
        errors.at(
            tag.key.span(),
            "`tag` cannot be used with `bits`: declare the whole integer",
        );
    }
    let without_value = entry.tag.as_ref().filter(|tag| tag.value.is_empty());
    if let (Some(tag), Some(_)) = (without_value, &record.encoding) {
        errors.at(tag.key.span(), "`tag` has no value: write `tag(value, …)`");
    }
}

/// An enum of records has an encoding, and its records say what makes a frame.
pub(super) fn check_variants(variants: &Variants, errors: &mut Errors) {
    let ident = &variants.ident;
    if variants.encoding.is_none() {
        errors.on(
            ident,
            format_args!("`{ident}` has no encoding: add `#[record(protobuf)]`, for example"),
        );
    }
    if variants.records.is_empty() {
        errors.on(
            ident,
            format_args!(
                "`{ident}` has no variants: each is a record, as in `Request(RequestRecord)`"
            ),
        );
    }
    for key in variants.cases.iter().map(|case| &case.key) {
        errors.on(
            key,
            format_args!("`{key}` belongs on the struct of a variant, as `#[record({key})]`"),
        );
    }
    if let Some(echo) = &variants.echo {
        errors.on(
            echo,
            "`echo` cannot be used on an enum of records: write it on the fields that answers repeat",
        );
    }
}

/// What may be absent has no default.
fn optional(entry: &Entry, errors: &mut Errors) {
    let Type::Path(path) = &entry.ty else {
        return;
    };
    if path
        .path
        .segments
        .last()
        .is_none_or(|last| last.ident != "Option")
    {
        return;
    }
    for key in [&entry.default_key, &entry.required].into_iter().flatten() {
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used on an `Option`: the field may be absent"),
        );
    }
}

/// Bits fill an integer, and mean nothing to the host by themselves.
fn bits(record: &Record, entry: &Entry, errors: &mut Errors) {
    let Some(bits) = entry.bits else {
        return;
    };
    let role = entry.role.as_ref().map(|(_, key)| key);
    for key in role.into_iter().chain(&entry.reason) {
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used with `bits`: declare the whole integer"),
        );
    }
    let head = &record.entries[bits.head];
    if head.ident != entry.ident {
        return;
    }
    let group = record.entries.iter().filter_map(|entry| entry.bits);
    let group = group.filter(|other| other.head == bits.head);
    let sum: u32 = group.map(|bits| u32::from(bits.count)).sum();
    if !matches!(sum, 8 | 16 | 32 | 64) {
        errors.at(
            entry.ident.span(),
            format_args!(
                "the fields with `bits` have {sum} bits together: an integer has 8, 16, 32 or 64"
            ),
        );
    }
}

/// The values of a condition are of one type.
fn values(values: &[Expr], errors: &mut Errors) {
    let is_text = |value: &&Expr| {
        matches!(
            value,
            Expr::Lit(ExprLit {
                lit: Lit::Str(_),
                ..
            })
        )
    };
    let texts = values.iter().filter(is_text).count();
    if texts == 0 || texts == values.len() {
        return;
    }
    if let Some(value) = values.iter().find(|value| !is_text(value)) {
        errors.on(
            value,
            "a field is compared with numbers or with texts, not with both",
        );
    }
}

/// What makes a frame is said of the outermost record.
fn cases(record: &Record, errors: &mut Errors) {
    let names: Vec<String> = record
        .entries
        .iter()
        .map(|entry| entry.ident.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for case in &record.cases {
        for test in &case.value.tests {
            let field = test.field.to_string();
            match record.entry(&test.field) {
                None => errors.on(
                    &test.field,
                    format_args!(
                        "there is no field `{field}`{}",
                        suggest::instead(&field, &names)
                    ),
                ),
                Some(entry) if entry.bits.is_some() && test.is_presence() => errors.on(
                    &test.field,
                    format_args!("bits are always present: write `{field} = value`"),
                ),
                Some(_) => {}
            }
            values(&test.values, errors);
        }
    }
    let unconditional = record
        .cases
        .iter()
        .filter(|case| case.value.tests.is_empty());
    for case in unconditional.skip(1) {
        errors.on(
            &case.key,
            format_args!(
                "`{0}` requires a condition, since another kind has none: write `{0}(field = value)`",
                case.key
            ),
        );
    }
    if let (Some(echo), None) = (&record.echo, &record.encoding) {
        errors.at(
            echo.span(),
            "`echo` belongs on the outermost record, beside its encoding, or on a field",
        );
    }
}
