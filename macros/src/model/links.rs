//! Which length field measures which part.

use super::element::Element;
use super::field::Draft;
use crate::errors::Errors;
use crate::suggest;

/// The pairs of length fields and parts, by index.
pub(super) struct Links {
    pairs: Vec<Pair>,
}

struct Pair {
    length: usize,
    part: usize,
}

impl Links {
    pub(super) fn part_of(&self, length: usize) -> Option<usize> {
        self.pairs
            .iter()
            .find(|pair| pair.length == length)
            .map(|pair| pair.part)
    }

    pub(super) fn length_of(&self, part: usize) -> Option<usize> {
        self.pairs
            .iter()
            .find(|pair| pair.part == part)
            .map(|pair| pair.length)
    }

    /// Resolves every `len_of`, so that each part has exactly one length field and each length field
    /// exactly one part.
    pub(super) fn resolve(fields: &[Draft<'_>], errors: &mut Errors) -> Self {
        let mut links = Links { pairs: Vec::new() };
        for (length, field) in fields.iter().enumerate() {
            if let Some(part) = target(field, fields, errors) {
                links.join(Pair { length, part }, fields, errors);
            }
        }
        for (index, field) in fields.iter().enumerate() {
            if matches!(field.element, Some(Element::Part(_))) && links.length_of(index).is_none() {
                unmeasured(field, fields, errors);
            }
        }
        links
    }

    fn join(&mut self, pair: Pair, fields: &[Draft<'_>], errors: &mut Errors) {
        let Some(first) = self.length_of(pair.part) else {
            self.pairs.push(pair);
            return;
        };
        let (first, second) = (fields[first].ident, &fields[pair.length]);
        let part = fields[pair.part].ident;
        errors.on(
            second.attrs.len_of.as_ref().map(|given| &given.value),
            format_args!("`{part}` already has the length field `{first}`"),
        );
    }
}

/// The part that the `len_of` of this field names. Both the key and the type say "length field", so
/// one without the other is a mistake.
fn target(field: &Draft<'_>, fields: &[Draft<'_>], errors: &mut Errors) -> Option<usize> {
    let given = field.attrs.len_of.as_ref();
    match (&field.element, given) {
        (Some(Element::Len(_)), Some(given)) => named(&given.value, fields, errors),
        (Some(Element::Len(_)), None) => {
            errors.on(
                field.ty,
                format_args!(
                    "`{}` measures no part: add `#[frame(len_of = part)]`",
                    field.ident
                ),
            );
            None
        }
        (Some(Element::Int(int)), Some(_)) => {
            not_a_length(field, &int.ident.to_string(), errors);
            None
        }
        (Some(Element::Fixed), Some(_)) => {
            not_a_length(field, "u16", errors);
            None
        }
        (Some(Element::Part(kind)), Some(given)) => {
            errors.at(
                given.key.span(),
                format_args!(
                    "`len_of` cannot be used on a `{}`: it belongs on a length field, as `{}_len: Len<u16>`",
                    kind.name(),
                    given.value
                ),
            );
            None
        }
        (_, None) | (None, _) => None,
    }
}

fn not_a_length(field: &Draft<'_>, int: &str, errors: &mut Errors) {
    errors.on(
        field.ty,
        format_args!(
            "a length is computed, never stored: write `{}: Len<{int}>`",
            field.ident
        ),
    );
}

fn named(name: &proc_macro2::Ident, fields: &[Draft<'_>], errors: &mut Errors) -> Option<usize> {
    let Some(index) = fields.iter().position(|field| field.ident == name) else {
        let parts: Vec<String> = parts(fields).map(|part| part.ident.to_string()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        errors.on(
            name,
            format_args!(
                "no field `{name}` in this frame{}",
                suggest::instead(&name.to_string(), &parts)
            ),
        );
        return None;
    };
    match fields[index].element {
        Some(Element::Part(_)) => Some(index),
        Some(_) => {
            errors.on(
                name,
                format_args!(
                    "`{name}` is no part: only a `Text`, `Bytes` or `HeaderMap` has a length field"
                ),
            );
            None
        }
        None => None,
    }
}

/// A part whose only candidate of a length field was refused has its error already.
fn unmeasured(part: &Draft<'_>, fields: &[Draft<'_>], errors: &mut Errors) {
    let named = fields
        .iter()
        .filter_map(|field| field.attrs.len_of.as_ref())
        .any(|given| given.value == *part.ident);
    if !named {
        let name = part.ident;
        errors.on(
            name,
            format_args!(
                "`{name}` has no length field: add one before it, such as `#[frame(len_of = {name})] {name}_len: Len<u32>`"
            ),
        );
    }
}

fn parts<'a, 'b>(fields: &'b [Draft<'a>]) -> impl Iterator<Item = &'b Draft<'a>> {
    fields
        .iter()
        .filter(|field| matches!(field.element, Some(Element::Part(_))))
}
