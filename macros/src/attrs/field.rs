//! `#[frame(…)]` on a field of a frame.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Field, FieldsNamed, LitStr, Type, Visibility};

use super::value::{self, Endian, Equation, Extent};
use super::{Found, Given, read};
use crate::errors::Errors;
use crate::names::FieldKey;

/// What a field means to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldRole {
    Id,
    Timeout,
    Status,
    Headers,
    Body,
    /// What the frame is, which a part in a language of its own says.
    Kind,
}

/// A field of a struct, with its attributes read.
#[derive(Debug)]
pub(crate) struct FieldSource<'a> {
    pub(crate) docs: Vec<&'a Attribute>,
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: FieldAttrs,
}

impl<'a> FieldSource<'a> {
    pub(crate) fn all(named: &'a FieldsNamed, errors: &mut Errors) -> Vec<Self> {
        let fields = named.named.iter();
        fields
            .filter_map(|field| Self::read(field, errors))
            .collect()
    }

    fn read(field: &'a Field, errors: &mut Errors) -> Option<Self> {
        let docs = field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"));
        Some(FieldSource {
            docs: docs.collect(),
            ident: field.ident.as_ref()?,
            vis: &field.vis,
            ty: &field.ty,
            attrs: FieldAttrs::read(&field.attrs, errors),
        })
    }
}

/// What was written on the field.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldAttrs {
    /// Every key, in the order in which they are written.
    pub(crate) keys: Vec<(FieldKey, Ident)>,
    pub(crate) roles: Vec<Given<FieldRole>>,
    pub(crate) magic: Option<Given<Expr>>,
    pub(crate) tag: Option<Given<Vec<Expr>>>,
    pub(crate) default: Option<Given<Expr>>,
    pub(crate) len_of: Option<Given<Extent>>,
    pub(crate) unit: Option<Given<Expr>>,
    pub(crate) until: Option<Given<Expr>>,
    pub(crate) over: Option<Given<Extent>>,
    pub(crate) bits: Option<Given<Expr>>,
    pub(crate) when: Option<Given<Vec<Equation>>>,
    pub(crate) format: Option<Given<Type>>,
    pub(crate) with: Option<Given<Type>>,
    pub(crate) inputs: Option<Given<Vec<Ident>>>,
    pub(crate) header: Option<Given<LitStr>>,
    pub(crate) read_only: Option<Given<()>>,
    pub(crate) timeout_key: Option<Given<LitStr>>,
    pub(crate) id_copy: Option<Given<()>>,
    pub(crate) at: Option<Given<Expr>>,
    pub(crate) max: Option<Given<Expr>>,
    pub(crate) endian: Option<Given<Endian>>,
}

impl FieldAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = FieldAttrs::default();
        read(attrs, errors, |found, input| {
            all.keys.push((found.key, found.ident.clone()));
            all.set(found, input)
        });
        all
    }

    fn set(&mut self, found: Found<FieldKey>, input: ParseStream) -> syn::Result<()> {
        let all = self;
        match found.key {
            FieldKey::Id => all.role(found, input, FieldRole::Id),
            FieldKey::Timeout => all.role(found, input, FieldRole::Timeout),
            FieldKey::Status => all.role(found, input, FieldRole::Status),
            FieldKey::Headers => all.role(found, input, FieldRole::Headers),
            FieldKey::Body => all.role(found, input, FieldRole::Body),
            FieldKey::Kind => all.role(found, input, FieldRole::Kind),
            FieldKey::IdCopy => found.set(&mut all.id_copy, input, value::none),
            FieldKey::Magic => found.set(&mut all.magic, input, value::expr),
            FieldKey::Tag => found.set(&mut all.tag, input, value::exprs),
            FieldKey::Default => found.set(&mut all.default, input, value::expr),
            FieldKey::LenOf => found.set(&mut all.len_of, input, value::extent),
            FieldKey::Unit => found.set(&mut all.unit, input, value::expr),
            FieldKey::Until => found.set(&mut all.until, input, value::expr),
            FieldKey::Over => found.set(&mut all.over, input, value::extent),
            FieldKey::Bits => found.set(&mut all.bits, input, value::expr),
            FieldKey::When => found.set(&mut all.when, input, value::equations),
            FieldKey::Format => found.set(&mut all.format, input, value::ty),
            FieldKey::With => found.set(&mut all.with, input, value::ty),
            FieldKey::Inputs => found.set(&mut all.inputs, input, value::idents),
            FieldKey::Header => found.set(&mut all.header, input, value::string),
            FieldKey::ReadOnly => found.set(&mut all.read_only, input, value::none),
            FieldKey::TimeoutKey => found.set(&mut all.timeout_key, input, value::string),
            FieldKey::At => found.set(&mut all.at, input, value::expr),
            FieldKey::Max => found.set(&mut all.max, input, value::expr),
            FieldKey::Endian => found.set(&mut all.endian, input, value::word),
        }
    }

    /// Roles are kept as a list, because one field with two of them is a mistake of its own.
    fn role(
        &mut self,
        found: Found<FieldKey>,
        input: ParseStream,
        role: FieldRole,
    ) -> syn::Result<()> {
        let mut slot = self.roles.iter().find(|given| given.value == role).cloned();
        found.set(&mut slot, input, |_, _| Ok(role))?;
        self.roles.extend(slot);
        Ok(())
    }
}
