//! A record: fields with keys.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{DeriveInput, Expr, ExprLit, GenericArgument, Lit, LitStr, Path, PathArguments, Type};

use super::generics::no_generics;
use crate::attrs::Given;
use crate::attrs::record::{Case, Encoding, EntryAttrs, EntrySource, RecordSource, VariantsSource};
use crate::errors::Errors;
use crate::names::RecordKey;

/// A struct whose fields are entries of a region.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    /// How entries lie on the wire; nothing for a record inside another one.
    pub(crate) encoding: Option<Given<Encoding>>,
    pub(crate) cases: Vec<Given<Case>>,
    /// Answers of the mesh are the record of their request.
    pub(crate) echo: Option<Ident>,
    pub(crate) entries: Vec<Entry>,
}

/// An enum whose variants are records.
#[derive(Debug)]
pub(crate) struct Variants {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    pub(crate) encoding: Option<Given<Encoding>>,
    /// What was said of kinds, which belongs on the records.
    pub(crate) cases: Vec<Given<Case>>,
    /// The same of answers.
    pub(crate) echo: Option<Ident>,
    /// The records, with the names of their variants.
    pub(crate) records: Vec<(Ident, Type)>,
}

impl Variants {
    pub(crate) fn build(source: &VariantsSource<'_>, errors: &mut Errors) -> Self {
        let VariantsSource {
            input,
            attrs,
            records,
        } = source;
        no_generics(input, errors);
        Self {
            ident: input.ident.clone(),
            krate: attrs.krate.as_ref().map(|given| given.value.clone()),
            encoding: attrs.encoding.clone(),
            cases: attrs.cases.clone(),
            echo: attrs.echo.as_ref().map(|given| given.key.clone()),
            records: records
                .iter()
                .map(|(ident, ty)| ((*ident).clone(), (*ty).clone()))
                .collect(),
        }
    }
}

/// One field.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) key: Lit,
    /// It has all keys that no other field has.
    pub(crate) rest: Option<Ident>,
    pub(crate) role: Option<(Role, Ident)>,
    /// The status that a text stands for which is no number.
    pub(crate) other: Option<Expr>,
    /// What it may be; without values, that it is there, which distinguishes its record from others.
    pub(crate) tag: Option<Given<Vec<Expr>>>,
    /// The name of the header that it is.
    pub(crate) header: Option<String>,
    pub(crate) default: Option<Expr>,
    /// Where the default was given.
    pub(crate) default_key: Option<Ident>,
    pub(crate) required: Option<Ident>,
    /// Answers of the mesh have the value of their request.
    pub(crate) echo: bool,
    /// The mesh says in it why it has answered.
    pub(crate) reason: Option<Ident>,
    /// It is some bits of an integer.
    pub(crate) bits: Option<Bits>,
    /// Fields of its entry with other values than their defaults.
    pub(crate) given: Vec<Given<Expr>>,
}

/// Some bits of an integer, which has the key of the first of its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bits {
    /// The place of that field among those of the struct.
    pub(crate) head: usize,
    pub(crate) count: u8,
    /// How far the bits are from the lowest one.
    pub(crate) shift: u8,
}

/// What a field means to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Id,
    Timeout,
    Status,
    Headers,
    Body,
}

impl Record {
    pub(crate) fn build(source: &RecordSource<'_>, errors: &mut Errors) -> Self {
        let input: &DeriveInput = source.input;
        no_generics(input, errors);
        let entries = source.fields.iter();
        let mut entries: Vec<Entry> = entries.map(|field| Entry::build(field, errors)).collect();
        bits(&source.fields, &mut entries, errors);
        let mut cases = source.attrs.cases.clone();
        // What holds without a condition comes last.
        cases.sort_by_key(|case| case.value.tests.is_empty());
        Record {
            ident: input.ident.clone(),
            krate: source.attrs.krate.as_ref().map(|given| given.value.clone()),
            encoding: source.attrs.encoding.clone(),
            cases,
            echo: source.attrs.echo.as_ref().map(|given| given.key.clone()),
            entries,
        }
    }

    /// The field of this name.
    pub(crate) fn entry(&self, ident: &Ident) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.ident == *ident)
    }

    /// Whether a condition names a field inside this one.
    pub(crate) fn is_sought(&self, entry: &Entry) -> bool {
        let mut tests = self.cases.iter().flat_map(|case| &case.value.tests);
        tests.any(|test| test.field == entry.ident && test.inner.is_some())
    }

    /// The index of its row: bits of one integer share one.
    pub(crate) fn row_of(&self, ident: &Ident) -> Option<usize> {
        let index = self
            .entries
            .iter()
            .position(|entry| entry.ident == *ident)?;
        let index = self.entries[index].bits.map_or(index, |bits| bits.head);
        let before = self.entries[..index].iter().enumerate();
        let rows = before.filter(|(at, entry)| entry.bits.is_none_or(|bits| bits.head == *at));
        Some(rows.count())
    }

    /// The kind of frame that a field alone makes by being there: what is inside it counts in no other.
    pub(crate) fn kind_of(&self, entry: &Entry) -> Option<RecordKey> {
        self.cases
            .iter()
            .find_map(|case| match &case.value.tests[..] {
                [only] if only.field == entry.ident && only.is_presence() => Some(case.value.kind),
                _ => None,
            })
    }
}

impl Entry {
    /// Its type, or what that is an `Option` of.
    pub(crate) fn record(&self) -> &Type {
        let last = match &self.ty {
            Type::Path(path) => path.path.segments.last(),
            _ => None,
        };
        let last = last.filter(|last| last.ident == "Option");
        let inner = match last.map(|last| &last.arguments) {
            Some(PathArguments::AngleBracketed(arguments)) => arguments.args.first(),
            _ => None,
        };
        match inner {
            Some(GenericArgument::Type(inner)) => inner,
            _ => &self.ty,
        }
    }

    fn build(source: &EntrySource<'_>, errors: &mut Errors) -> Self {
        let EntryAttrs {
            key,
            header,
            default,
            ..
        } = &source.attrs;
        let ident = source.ident;
        let own_name = || Lit::Str(LitStr::new(&ident.unraw().to_string(), ident.span()));
        let name = |given: &Given<Option<LitStr>>| match &given.value {
            Some(name) => name.value(),
            None => ident.unraw().to_string(),
        };
        Entry {
            ident: ident.clone(),
            ty: source.ty.clone(),
            key: key.clone().unwrap_or_else(own_name),
            rest: source.attrs.rest.as_ref().map(|given| given.key.clone()),
            role: role(&source.attrs, errors),
            other: source
                .attrs
                .status
                .as_ref()
                .and_then(|given| given.value.clone()),
            tag: source.attrs.tag.clone(),
            header: header.as_ref().map(name),
            default: default.as_ref().map(|given| given.value.clone()),
            default_key: default.as_ref().map(|given| given.key.clone()),
            required: source
                .attrs
                .required
                .as_ref()
                .map(|given| given.key.clone()),
            echo: source.attrs.echo.is_some(),
            reason: source.attrs.reason.as_ref().map(|given| given.key.clone()),
            bits: None,
            given: source.attrs.given.clone(),
        }
    }
}

/// Fields that are bits, from the highest ones down: one with a key begins an integer, the others follow it.
fn bits(sources: &[EntrySource<'_>], entries: &mut [Entry], errors: &mut Errors) {
    let mut head: Option<usize> = None;
    for (index, source) in sources.iter().enumerate() {
        let Some(given) = &source.attrs.bits else {
            head = None;
            continue;
        };
        let count = match &given.value {
            Expr::Lit(ExprLit {
                lit: Lit::Int(count),
                ..
            }) => count.base10_parse().ok(),
            _ => None,
        };
        let Some(count @ 1..=64) = count else {
            errors.on(&given.value, "`bits` is from 1 to 64");
            continue;
        };
        let begins = source.attrs.key.is_some() || head.is_none();
        let first = *head.get_or_insert(index);
        let first = if begins { index } else { first };
        head = Some(first);
        entries[index].bits = Some(Bits {
            head: first,
            count,
            shift: 0,
        });
        for other in &mut entries[first..index] {
            if let Some(bits) = &mut other.bits {
                bits.shift = bits.shift.saturating_add(count);
            }
        }
    }
}

/// A field means one thing.
fn role(attrs: &EntryAttrs, errors: &mut Errors) -> Option<(Role, Ident)> {
    let status = attrs.status.as_ref().map(|given| &given.key);
    let key = |given: &'_ Option<Given<()>>| given.as_ref().map(|given| given.key.clone());
    let given = [
        (Role::Id, key(&attrs.id)),
        (Role::Timeout, key(&attrs.timeout)),
        (Role::Status, status.cloned()),
        (Role::Headers, key(&attrs.headers)),
        (Role::Body, key(&attrs.body)),
    ];
    let mut roles = given
        .into_iter()
        .filter_map(|(role, given)| Some((role, given?)));
    let first = roles.next();
    if let (Some((_, first)), Some((_, second))) = (&first, roles.next()) {
        errors.at(
            second.span(),
            format_args!("a field is either `{first}` or `{second}`"),
        );
    }
    first
}
