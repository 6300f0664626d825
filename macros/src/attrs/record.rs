//! `#[record(…)]` above a struct and on its fields.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, DataEnum, DeriveInput, Expr, Field, Fields, FieldsNamed, Lit, LitStr, Meta, Path,
    Token, Type, token,
};

use super::{Found, Given, read, read_mixed, value};
use crate::errors::Errors;
use crate::names::{self, EntryKey, Keys, Place, RecordKey};
use crate::suggest;

/// The struct of a record, with its attributes and those of its fields read.
#[derive(Debug)]
pub(crate) struct RecordSource<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attrs: RecordAttrs,
    pub(crate) fields: Vec<EntrySource<'a>>,
}

impl<'a> RecordSource<'a> {
    pub(crate) fn read(
        input: &'a DeriveInput,
        named: Option<&'a FieldsNamed>,
        errors: &mut Errors,
    ) -> Self {
        let attrs = RecordAttrs::read(&input.attrs, errors);
        let fields = named.into_iter().flat_map(|named| &named.named);
        let encoding = attrs.encoding.as_ref().map(|given| &given.value);
        let fields = fields.filter_map(|field| EntrySource::read(field, encoding, errors));
        RecordSource {
            input,
            fields: fields.collect(),
            attrs,
        }
    }
}

/// An enum of records, with its attributes read.
#[derive(Debug)]
pub(crate) struct VariantsSource<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attrs: RecordAttrs,
    /// The records, with the names of their variants.
    pub(crate) records: Vec<(&'a Ident, &'a Type)>,
}

impl<'a> VariantsSource<'a> {
    pub(crate) fn read(input: &'a DeriveInput, data: &'a DataEnum, errors: &mut Errors) -> Self {
        let attrs = RecordAttrs::read(&input.attrs, errors);
        let mut records = Vec::new();
        for variant in &data.variants {
            match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let ty = fields.unnamed.first().map(|field| &field.ty);
                    records.extend(ty.map(|ty| (&variant.ident, ty)));
                }
                _ => errors.on(
                    variant,
                    format_args!(
                        "a variant is one record: write `{0}({0}Record)`, with the name of its struct",
                        variant.ident
                    ),
                ),
            }
        }
        Self {
            input,
            attrs,
            records,
        }
    }
}

/// What was written above the struct or the enum.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordAttrs {
    /// How entries lie on the wire; nothing inside another record.
    pub(crate) encoding: Option<Given<Encoding>>,
    /// What makes a frame of which kind, in the order in which they are written.
    pub(crate) cases: Vec<Given<Case>>,
    /// Answers of the mesh are the record of their request.
    pub(crate) echo: Option<Given<()>>,
    pub(crate) krate: Option<Given<Path>>,
}

/// An encoding.
#[derive(Clone, Debug)]
pub(crate) enum Encoding {
    Protobuf,
    Json,
    Jce,
    /// The name of the root element.
    Xml(LitStr),
    /// The formats of the elements.
    Bitmap(Box<Expr>),
    /// The types of tags and lengths.
    Tlv(Box<(Type, Type)>),
    /// The struct of an entry.
    Entry(Box<Type>),
    Other(Box<Expr>),
}

/// What makes a frame of a kind: all tests hold.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) kind: RecordKey,
    pub(crate) tests: Vec<Test>,
}

/// A field that is there, or that has a value.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) field: Ident,
    /// The field inside it that is meant.
    pub(crate) inner: Option<Ident>,
    /// Any of these; none if it just has to be there.
    pub(crate) values: Vec<Expr>,
}

impl Test {
    /// Whether the field just has to be there.
    pub(crate) fn is_presence(&self) -> bool {
        self.inner.is_none() && self.values.is_empty()
    }

    fn parse(found: &Found<RecordKey>, input: ParseStream) -> syn::Result<Self> {
        let field: Ident = input.parse()?;
        let inner = match input.parse::<Option<Token![.]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        if let (Some(_), true) = (&inner, input.peek(Token![.])) {
            return Err(input.error("a condition names a field, or one in the record that it is"));
        }
        let values = if input.peek(Token![=]) || input.peek(token::Paren) {
            value::exprs(found, input)?
        } else {
            return Ok(Test {
                field,
                inner,
                values: Vec::new(),
            });
        };
        if values.is_empty() {
            return Err(syn::Error::new(
                field.span(),
                format_args!("`{field}` has no value here: write `{field} = value`"),
            ));
        }
        Ok(Test {
            field,
            inner,
            values,
        })
    }
}

impl RecordAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = RecordAttrs::default();
        read(attrs, errors, |found, input| all.set(found, input));
        all
    }

    fn set(&mut self, found: Found<RecordKey>, input: ParseStream) -> syn::Result<()> {
        match found.key {
            RecordKey::Protobuf => {
                found.set(&mut self.encoding, input, |_, _| Ok(Encoding::Protobuf))
            }
            RecordKey::Json => found.set(&mut self.encoding, input, |_, _| Ok(Encoding::Json)),
            RecordKey::Jce => found.set(&mut self.encoding, input, |_, _| Ok(Encoding::Jce)),
            RecordKey::Xml => found.set(&mut self.encoding, input, |found, input| {
                value::only(found, input, Parse::parse).map(Encoding::Xml)
            }),
            RecordKey::Bitmap => found.set(&mut self.encoding, input, |found, input| {
                let formats = value::only(found, input, Expr::parse)?;
                Ok(Encoding::Bitmap(Box::new(formats)))
            }),
            RecordKey::Echo => found.set(&mut self.echo, input, value::none),
            RecordKey::Tlv => found.set(&mut self.encoding, input, tag_and_len),
            RecordKey::Entry => found.set(&mut self.encoding, input, |found, input| {
                value::ty(found, input).map(|ty| Encoding::Entry(Box::new(ty)))
            }),
            RecordKey::Encoding => found.set(&mut self.encoding, input, |found, input| {
                value::expr(found, input).map(|expr| Encoding::Other(Box::new(expr)))
            }),
            RecordKey::Crate => found.set(&mut self.krate, input, value::module),
            RecordKey::Request
            | RecordKey::Oneway
            | RecordKey::Response
            | RecordKey::Heartbeat
            | RecordKey::HeartbeatAck => {
                let mut case = None;
                let kind = found.key;
                found.set(&mut case, input, |found, input| {
                    let tests = if input.peek(token::Paren) {
                        value::list(found, input, |inner| Test::parse(found, inner))?
                    } else {
                        Vec::new()
                    };
                    Ok(Case { kind, tests })
                })?;
                self.cases.extend(case);
                Ok(())
            }
        }
    }
}

/// `(tag = Type, len = Type)`
fn tag_and_len(found: &Found<RecordKey>, input: ParseStream) -> syn::Result<Encoding> {
    let types = value::list(found, input, |inner| {
        let word: Ident = inner.parse()?;
        inner.parse::<Token![=]>()?;
        Ok((word, inner.parse::<Type>()?))
    })?;
    match <[(Ident, Type); 2]>::try_from(types) {
        Ok([(first, tag), (second, len)]) if first == "tag" && second == "len" => {
            Ok(Encoding::Tlv(Box::new((tag, len))))
        }
        _ => Err(found.misspelt()),
    }
}

/// Nothing, or `(other = value)`
fn other_status(found: &Found<EntryKey>, input: ParseStream) -> syn::Result<Option<Expr>> {
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let other = |inner: ParseStream| {
        let word: Ident = inner.parse()?;
        inner.parse::<Token![=]>()?;
        let value = inner.parse()?;
        if word == "other" {
            Ok(value)
        } else {
            Err(found.misspelt())
        }
    };
    value::only(found, input, other).map(Some)
}

/// Whether what comes next is a value of a field of the entry that is declared for the record. Inside another record
/// that is not known, and the compiler finds out; what is nearly another key is taken for a slip.
fn gives(input: ParseStream, encoding: Option<&Encoding>) -> bool {
    let next = input.fork();
    let (Ok(word), true) = (next.parse::<Ident>(), next.peek(Token![=])) else {
        return false;
    };
    let word = word.to_string();
    if EntryKey::row(&word).is_some() || next.peek2(LitStr) {
        return false;
    }
    match encoding {
        Some(Encoding::Entry(_)) => true,
        Some(_) => false,
        None => {
            let others = [EntryKey::Default.word(), EntryKey::Bits.word()];
            suggest::closest(&word, &others).is_none()
                && names::elsewhere(&word, Place::Entry).is_none()
        }
    }
}

/// `field = value`
fn value_of(input: ParseStream, given: &mut Vec<Given<Expr>>) -> syn::Result<()> {
    let key = input.parse()?;
    input.parse::<Token![=]>()?;
    let value = input.parse()?;
    given.push(Given { key, value });
    Ok(())
}

/// A field of the struct, with its attributes read.
#[derive(Debug)]
pub(crate) struct EntrySource<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: EntryAttrs,
}

impl<'a> EntrySource<'a> {
    fn read(field: &'a Field, encoding: Option<&Encoding>, errors: &mut Errors) -> Option<Self> {
        Some(EntrySource {
            ident: field.ident.as_ref()?,
            ty: &field.ty,
            attrs: EntryAttrs::read(&field.attrs, encoding, errors),
        })
    }
}

/// What was written on the field.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryAttrs {
    /// The key on the wire.
    pub(crate) key: Option<Lit>,
    /// It has all keys that no other field has.
    pub(crate) rest: Option<Given<()>>,
    pub(crate) id: Option<Given<()>>,
    pub(crate) timeout: Option<Given<()>>,
    /// The status, and which one stands for a text that is no number.
    pub(crate) status: Option<Given<Option<Expr>>>,
    pub(crate) headers: Option<Given<()>>,
    pub(crate) body: Option<Given<()>>,
    /// A header, and its name if that is not the field's.
    pub(crate) header: Option<Given<Option<LitStr>>>,
    pub(crate) default: Option<Given<Expr>>,
    pub(crate) required: Option<Given<()>>,
    pub(crate) echo: Option<Given<()>>,
    pub(crate) reason: Option<Given<()>>,
    /// What it may be; without values, that it is there, which distinguishes its record from others.
    pub(crate) tag: Option<Given<Vec<Expr>>>,
    /// How many bits of an integer it is.
    pub(crate) bits: Option<Given<Expr>>,
    /// Fields of its entry with other values than their defaults.
    pub(crate) given: Vec<Given<Expr>>,
}

impl EntryAttrs {
    fn read(attrs: &[Attribute], encoding: Option<&Encoding>, errors: &mut Errors) -> Self {
        let mut all = EntryAttrs::default();
        let ours = attrs
            .iter()
            .filter(|attr| attr.path().is_ident(names::RECORD));
        for attr in ours {
            let Meta::List(list) = &attr.meta else {
                errors.on(&attr.meta, "expected `#[record(key, …)]`");
                continue;
            };
            let read = list.parse_args_with(|input: ParseStream| {
                if input.peek(Lit) {
                    all.key = Some(input.parse()?);
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                let mut given = Vec::new();
                let is_given = |input: ParseStream| gives(input, encoding);
                read_mixed(
                    input,
                    errors,
                    |found, input| all.set(found, input),
                    |input| is_given(input).then(|| value_of(input, &mut given)),
                );
                all.given.append(&mut given);
                Ok(())
            });
            errors.ok(read);
        }
        all
    }

    fn set(&mut self, found: Found<EntryKey>, input: ParseStream) -> syn::Result<()> {
        match found.key {
            EntryKey::Id => found.set(&mut self.id, input, value::none),
            EntryKey::Timeout => found.set(&mut self.timeout, input, value::none),
            EntryKey::Rest => found.set(&mut self.rest, input, value::none),
            EntryKey::Tag => found.set(&mut self.tag, input, |found, input| {
                if input.peek(Token![=]) || input.peek(token::Paren) {
                    value::exprs(found, input)
                } else {
                    Ok(Vec::new())
                }
            }),
            EntryKey::Status => found.set(&mut self.status, input, other_status),
            EntryKey::Headers => found.set(&mut self.headers, input, value::none),
            EntryKey::Body => found.set(&mut self.body, input, value::none),
            EntryKey::Header => found.set(&mut self.header, input, |found, input| {
                if input.peek(Token![=]) {
                    value::string(found, input).map(Some)
                } else {
                    Ok(None)
                }
            }),
            EntryKey::Default => found.set(&mut self.default, input, value::expr),
            EntryKey::Echo => found.set(&mut self.echo, input, value::none),
            EntryKey::Reason => found.set(&mut self.reason, input, value::none),
            EntryKey::Required => found.set(&mut self.required, input, value::none),
            EntryKey::Bits => found.set(&mut self.bits, input, value::expr),
        }
    }
}
