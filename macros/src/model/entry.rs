//! The head of an entry: a key, a length and what else is before the value.

use proc_macro2::Ident;
use syn::{Expr, ExprLit, Lit, Path};

use super::draft::Draft;
use super::element::{Int, PartKind};
use super::extents::Extents;
use super::field::{Field, Length, Shape};
use super::generics::no_generics;
use crate::attrs::Given;
use crate::attrs::frame::FrameSource;
use crate::attrs::value::Endian;
use crate::errors::Errors;
use crate::names::{FieldKey, Keys};

/// An entry of a list, in the order of its fields.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    pub(crate) endian: Endian,
    /// Entries are padded to a multiple of so many bytes.
    pub(crate) pad: Option<Given<Expr>>,
    pub(crate) fields: Vec<Field>,
    /// The fields that are its key, by index.
    pub(crate) keys: Vec<Given<usize>>,
    /// The field that is its value, by index.
    pub(crate) value: Option<Given<usize>>,
}

/// The keys of a field that the head of an entry has a use for.
const FITTING: &[FieldKey] = &[
    FieldKey::Key,
    FieldKey::Value,
    FieldKey::Default,
    FieldKey::LenOf,
    FieldKey::Bits,
    FieldKey::When,
];

impl Entry {
    pub(crate) fn build(source: &FrameSource<'_>, errors: &mut Errors) -> Option<Self> {
        let (input, attrs) = (source.input, &source.attrs);
        let ident = &input.ident;
        no_generics(input, errors);
        not_of_a_frame(source, errors);
        let Some(fields) = &source.fields else {
            errors.on(ident, "an entry has named fields");
            return None;
        };
        errors.gate()?;
        let endian = attrs
            .endian
            .as_ref()
            .map_or(Endian::Big, |given| given.value);
        let drafts = Draft::all(fields, errors);
        let extents = Extents::resolve(&drafts, errors);
        let idents: Vec<Ident> = fields.iter().map(|field| field.ident.clone()).collect();
        let marked = |key: fn(&_) -> &Option<Given<()>>| {
            let fields = fields.iter().enumerate();
            fields.filter_map(move |(index, field)| {
                let given = key(&field.attrs).as_ref()?;
                Some(Given {
                    key: given.key.clone(),
                    value: index,
                })
            })
        };
        let keys = marked(|attrs: &crate::attrs::field::FieldAttrs| &attrs.key).collect();
        let mut values = marked(|attrs: &crate::attrs::field::FieldAttrs| &attrs.value);
        let value = values.next();
        for second in values {
            errors.at(second.key.span(), "an entry has one `value`");
        }
        let drafts = drafts.into_iter().enumerate();
        let fields = drafts
            .filter_map(|(index, draft)| {
                Field::new(index, draft, &idents, &extents, endian, errors)
            })
            .collect();
        errors.gate()?;
        Some(Entry {
            ident: ident.clone(),
            krate: attrs.krate.as_ref().map(|given| given.value.clone()),
            endian,
            pad: attrs.pad.clone(),
            fields,
            keys,
            value,
        })
    }

    /// The bytes that entries are padded to a multiple of; `None` if that is no number that makes sense.
    pub(crate) fn padding(&self) -> Option<u8> {
        match self.pad.as_ref().map(|given| &given.value) {
            None => Some(1),
            Some(Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            })) => number.base10_parse().ok().filter(|bytes| *bytes > 0),
            Some(_) => None,
        }
    }

    /// The length fields that count the value, by index.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = (usize, &Length)> {
        let value = self.value.as_ref().map(|given| given.value);
        let fields = self.fields.iter().enumerate();
        let lengths = fields.filter_map(|(index, field)| Some((index, field.shape.length()?)));
        lengths.filter(move |(_, length)| value.is_some_and(|value| length.cover.contains(value)))
    }

    /// Whether a field is part of the key.
    pub(crate) fn is_key(&self, index: usize) -> bool {
        self.keys.iter().any(|key| key.value == index)
    }

    /// The second number of the key.
    pub(crate) fn second_key(&self) -> Option<&Field> {
        self.keys.get(1).map(|key| &self.fields[key.value])
    }

    /// Whether the key is a text.
    pub(crate) fn is_named(&self) -> bool {
        let mut keys = self.keys.iter();
        keys.any(|key| is_text(&self.fields[key.value]))
    }

    /// The values that fields have if the second number of the key is there, by index.
    pub(crate) fn of_second_key(&self, index: usize) -> Option<&Expr> {
        let when = self.second_key()?.when.as_ref()?;
        let mut constraints = when.value.iter();
        let constraint = constraints.find(|constraint| constraint.field == index)?;
        constraint.values.first()
    }

    /// Fields of bits from one on that share an integer, each with its number of bits.
    pub(crate) fn bits_from(&self, index: usize) -> Vec<(usize, u8)> {
        let fields = self.fields.iter().enumerate().skip(index);
        let fields = fields.map_while(|(index, field)| Some((index, bits(field)?)));
        let mut sum = 0_u32;
        let mut group = Vec::new();
        for (index, count) in fields {
            sum += u32::from(count);
            group.push((index, count));
            if matches!(sum, 8 | 16 | 32 | 64) {
                break;
            }
        }
        group
    }
}

/// How many bits a field has of an integer that it shares.
pub(crate) fn bits(field: &Field) -> Option<u8> {
    let given = field.fixed()?.bits.as_ref()?;
    match &given.value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(count),
            ..
        }) => count.base10_parse().ok().filter(|count| *count > 0),
        _ => None,
    }
}

/// Whether a field is a text.
pub(crate) fn is_text(field: &Field) -> bool {
    field.part().is_some_and(|part| part.kind == PartKind::Text)
}

/// The integer of a field that the head of an entry can have: unsigned, and of fixed width.
pub(crate) fn integer(field: &Field) -> Option<&Int> {
    let int = match &field.shape {
        Shape::Fixed(fixed) => fixed.int.as_ref(),
        Shape::Length(length) => Some(&length.int),
        Shape::Check(_) | Shape::Part(_) => None,
    };
    int.filter(|int| !int.is_signed() && !int.is_varint() && !int.is_decimal())
}

/// An entry is no message, so nothing of what makes one is said of it.
fn not_of_a_frame(source: &FrameSource<'_>, errors: &mut Errors) {
    let attrs = &source.attrs;
    let others = [
        attrs.request.as_ref().map(|given| &given.key),
        attrs.response.as_ref().map(|given| &given.key),
        attrs.heartbeat.as_ref().map(|given| &given.key),
        attrs.heartbeat_ack.as_ref().map(|given| &given.key),
        attrs.oneway.as_ref().map(|given| &given.key),
        attrs.max.as_ref().map(|given| &given.key),
        attrs.size.as_ref().map(|given| &given.key),
    ];
    let fields = source.fields.iter().flatten();
    let keys = fields.flat_map(|field| &field.attrs.keys);
    let keys = keys.filter(|(key, _)| !FITTING.contains(key));
    let keys = keys.map(|(_, ident)| ident);
    for key in others.into_iter().flatten().chain(keys) {
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used in an entry, which is no frame"),
        );
    }
}

/// A frame has no entry's keys.
pub(super) fn not_of_an_entry(source: &FrameSource<'_>, errors: &mut Errors) {
    if let Some(pad) = &source.attrs.pad {
        errors.at(
            pad.key.span(),
            "`pad` requires `entry`: a frame has no padding",
        );
    }
    let fields = source.fields.iter().flatten();
    for (key, ident) in fields.flat_map(|field| &field.attrs.keys) {
        if matches!(key, FieldKey::Key | FieldKey::Value) {
            let word = key.word();
            errors.at(
                ident.span(),
                format_args!(
                    "`{word}` is only valid in an entry: write `#[frame(entry)]` above the struct"
                ),
            );
        }
    }
}
