//! `#[frame(…)]` on a field of a frame.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Field, FieldsNamed, LitStr, Type, Visibility};

use super::value::{self, Echo, Endian, Equation, Extent, Form};
use super::{Found, Given, read};
use crate::errors::Errors;
use crate::names::{FieldKey, field_keys};

/// What a field means to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldRole {
    Id,
    Timeout,
    Status,
    Headers,
    Body,
    /// Why the mesh has answered.
    Reason,
    /// What the frame is, which the payload codec of a part reads.
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

macro_rules! attributes {
    (
        values { $(
            $before:ident = $_1:literal, $_2:literal;
            $earlier:ident: $early:ty = $read:ident, on $_3:tt $(, because $_4:tt)? $(, requires $_5:ident)?;
        )* }
        roles on $_6:tt, because $_7:tt { $($role:ident = $_8:literal, $_9:literal;)* }
        values { $(
            $after:ident = $_10:literal, $_11:literal;
            $later:ident: $late:ty = $parse:ident, on $_12:tt $(, because $_13:tt)? $(, requires $_14:ident)?;
        )* }
    ) => {
        /// What was written on the field.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct FieldAttrs {
            /// Every key, in the order in which they are written.
            pub(crate) keys: Vec<(FieldKey, Ident)>,
            pub(crate) roles: Vec<Given<FieldRole>>,
            $(pub(crate) $earlier: Option<Given<$early>>,)*
            $(pub(crate) $later: Option<Given<$late>>,)*
        }

        impl FieldAttrs {
            fn set(&mut self, found: Found<FieldKey>, input: ParseStream) -> syn::Result<()> {
                match found.key {
                    $(FieldKey::$before => found.set(&mut self.$earlier, input, value::$read),)*
                    $(FieldKey::$role => self.role(found, input, FieldRole::$role),)*
                    $(FieldKey::$after => found.set(&mut self.$later, input, value::$parse),)*
                }
            }
        }
    };
}

field_keys!(attributes);

impl FieldAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = FieldAttrs::default();
        read(attrs, errors, |found, input| {
            all.keys.push((found.key, found.ident.clone()));
            all.set(found, input)
        });
        all
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
