//! Which fields a length or a checksum covers.

use proc_macro2::Ident;
use quote::ToTokens;

use super::draft::Draft;
use super::element::Element;
use crate::attrs::value::Extent;
use crate::errors::Errors;
use crate::suggest;

/// Some fields in a row, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Cover {
    pub(crate) fn contains(self, field: usize) -> bool {
        (self.first..=self.last).contains(&field)
    }

    /// Whether all of the other's fields are among these.
    pub(crate) fn holds(self, other: Cover) -> bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// The fields of an extent. What a length measures, if it is a single one, is a part.
    fn of(
        extent: &Extent,
        length: bool,
        fields: &[Draft<'_>],
        errors: &mut Errors,
    ) -> Option<Self> {
        if let Some(only) = extent.single() {
            let only = if length {
                part_named(only, fields, errors)?
            } else {
                named(only, fields, errors)?
            };
            return Some(Cover {
                first: only,
                last: only,
            });
        }
        let mut end = |name: &Option<Ident>, default: usize| match name {
            Some(name) => named(name, fields, errors),
            None => Some(default),
        };
        let (first, last) = (end(&extent.first, 0), end(&extent.last, fields.len() - 1));
        let cover = Cover {
            first: first?,
            last: last?,
        };
        if cover.first > cover.last {
            errors.on(
                extent,
                format_args!(
                    "`{}` comes before `{}`: write the first field before `..=`",
                    fields[cover.last].source.ident, fields[cover.first].source.ident
                ),
            );
            return None;
        }
        Some(cover)
    }
}

/// What the length fields and checksums cover, by index.
pub(super) struct Extents {
    covers: Vec<Option<Cover>>,
    /// Length fields that measure one part and nothing else, with the part.
    own: Vec<(usize, usize)>,
}

impl Extents {
    pub(super) fn cover(&self, field: usize) -> Option<Cover> {
        self.covers[field]
    }

    /// The length field that measures this part alone.
    pub(super) fn length_of(&self, part: usize) -> Option<usize> {
        let mut own = self.own.iter();
        own.find(|(_, measured)| *measured == part)
            .map(|(length, _)| *length)
    }

    /// Resolves every `len_of` and `over`, so that no part has two length fields of its own.
    pub(super) fn resolve(fields: &[Draft<'_>], errors: &mut Errors) -> Self {
        let mut extents = Extents {
            covers: Vec::new(),
            own: Vec::new(),
        };
        for (index, field) in fields.iter().enumerate() {
            let length = matches!(field.element, Some(Element::Len(_)));
            let cover = extent(field, errors);
            let cover = cover.and_then(|extent| Cover::of(extent, length, fields, errors));
            extents.covers.push(cover);
            let single = cover.filter(|cover| {
                let part = fields[cover.first].is_part();
                cover.first == cover.last && part && length && field.source.attrs.unit.is_none()
            });
            if let Some(cover) = single {
                extents.join(index, cover.first, fields, errors);
            }
        }
        extents
    }

    fn join(&mut self, length: usize, part: usize, fields: &[Draft<'_>], errors: &mut Errors) {
        let Some(first) = self.length_of(part) else {
            self.own.push((length, part));
            return;
        };
        let (first, part) = (fields[first].source.ident, fields[part].source.ident);
        errors.on(
            fields[length]
                .source
                .attrs
                .len_of
                .as_ref()
                .map(|given| &given.value),
            format_args!("`{part}` already has the length field `{first}`"),
        );
    }
}

/// What a field says that it covers. Both the key and the type say what the field is, so one without the
/// other is a mistake.
fn extent<'d>(field: &'d Draft<'_>, errors: &mut Errors) -> Option<&'d Extent> {
    let (len_of, over) = (
        field.source.attrs.len_of.as_ref(),
        field.source.attrs.over.as_ref(),
    );
    let is_check = matches!(field.element, None | Some(Element::Check(_)));
    if let (Some(over), false) = (over, is_check) {
        errors.at(
            over.key.span(),
            format_args!(
                "`over` is only valid on a `Check` field: write `{}: Check<Crc32>`",
                field.source.ident
            ),
        );
    }
    match (&field.element, len_of) {
        (Some(Element::Len(_)), Some(given)) => Some(&given.value),
        (Some(Element::Len(_)), None) => {
            errors.on(
                field.source.ty,
                format_args!(
                    "`{}` requires a part or a range to measure: add `#[frame(len_of = part)]`, or `len_of = first..=last`",
                    field.source.ident
                ),
            );
            None
        }
        (Some(Element::Int(int)), Some(_)) => {
            let int = int.ty.to_token_stream().to_string();
            not_a_length(field, &int.replace(' ', ""), errors);
            None
        }
        (Some(Element::Fixed(_)), Some(_)) => {
            not_a_length(field, "u16", errors);
            None
        }
        (Some(Element::Part(kind) | Element::Nullable(kind, _)), Some(given)) => {
            errors.at(
                given.key.span(),
                format_args!(
                    "`len_of` is only valid on a `Len` field, not on a `{}`: write `{}_len: Len<u16>`",
                    kind.name(),
                    given.value.single().unwrap_or(field.source.ident),
                ),
            );
            None
        }
        (Some(Element::Check(_)), Some(given)) => {
            errors.at(
                given.key.span(),
                "`len_of` cannot be used on a `Check` field: use `over`",
            );
            None
        }
        (Some(Element::Check(_)), None) => {
            if over.is_none() {
                errors.on(
                    field.source.ty,
                    format_args!(
                        "`{}` requires a range to cover: add `#[frame(over = first..=last)]`",
                        field.source.ident
                    ),
                );
            }
            over.map(|given| &given.value)
        }
        (_, None) | (None, _) => None,
    }
}

fn not_a_length(field: &Draft<'_>, int: &str, errors: &mut Errors) {
    errors.on(
        field.source.ty,
        format_args!(
            "a length is computed, not stored: write `{}: Len<{int}>`",
            field.source.ident
        ),
    );
}

fn named(name: &Ident, fields: &[Draft<'_>], errors: &mut Errors) -> Option<usize> {
    let found = fields.iter().position(|field| field.source.ident == name);
    if found.is_none() {
        let all: Vec<String> = fields
            .iter()
            .map(|field| field.source.ident.to_string())
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let hint = suggest::hint(&name.to_string(), &all);
        errors.on(name, format_args!("no field `{name}` in this frame{hint}"));
    }
    found
}

fn part_named(name: &Ident, fields: &[Draft<'_>], errors: &mut Errors) -> Option<usize> {
    let Some(index) = fields.iter().position(|field| field.source.ident == name) else {
        let parts: Vec<String> = parts(fields)
            .map(|part| part.source.ident.to_string())
            .collect();
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
        Some(Element::Part(_) | Element::Nullable(..)) => Some(index),
        Some(_) => {
            errors.on(
                name,
                format_args!(
                    "`{name}` is not a part: only a `Text`, `Bytes` or `HeaderMap` has a length field"
                ),
            );
            None
        }
        None => None,
    }
}

fn parts<'a, 'b>(fields: &'b [Draft<'a>]) -> impl Iterator<Item = &'b Draft<'a>> {
    fields.iter().filter(|field| field.is_part())
}
