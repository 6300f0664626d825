//! The frame: its kind, its fields, and the values that make it a heartbeat or a one-way call.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DataStruct, DeriveInput, Expr, Fields, FieldsNamed, Path, Visibility};

use super::element::Element;
use super::field::{Draft, Field, Fixed, Length, Part, Shape};
use super::links::Links;
use super::roles::Roles;
use crate::attrs::Given;
use crate::attrs::field::FieldAttrs;
use crate::attrs::frame::FrameAttrs;
use crate::attrs::value::{Endian, Equation};
use crate::errors::Errors;
use crate::suggest;

/// A frame of a protocol, laid out on the wire in the order of its fields.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Option<Path>,
    pub(crate) kind: Kind,
    /// What makes a frame of a struct for both halves a response.
    pub(crate) response: Option<Constraints>,
    pub(crate) heartbeat: Option<Constraints>,
    /// The answer to a heartbeat, in a struct for both halves.
    pub(crate) heartbeat_ack: Option<Constraints>,
    pub(crate) oneway: Option<Constraints>,
    pub(crate) max: Option<Expr>,
    pub(crate) size: Option<Expr>,
    pub(crate) fields: Vec<Field>,
    pub(crate) roles: Roles,
}

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Response,
    /// One struct for both: its values say which.
    Either,
}

/// The values that fields of a frame have when it is a heartbeat, or a one-way call.
pub(crate) type Constraints = Given<Vec<Constraint>>;

#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    /// The index of the field.
    pub(crate) field: usize,
    /// The field as it was named here, for errors.
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

impl Frame {
    pub(crate) fn build(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        let named = named_fields(input, errors)?;
        let attrs = FrameAttrs::read(&input.attrs, errors);
        let mut drafts = drafts(named, errors);
        errors.gate()?;
        no_generics(input, errors);
        let kind = kind(input, &attrs, errors);
        let response = attrs.response.and_then(|given| {
            let value = given.value?;
            Some(Given {
                key: given.key,
                value,
            })
        });
        let endian = attrs.endian.map_or(Endian::Big, |given| given.value);
        for draft in &mut drafts {
            draft.element = Element::of(draft.ty, errors);
        }
        let links = Links::resolve(&drafts, errors);
        let response = constraints(response, &drafts, errors);
        let heartbeat = constraints(attrs.heartbeat, &drafts, errors);
        let heartbeat_ack = constraints(attrs.heartbeat_ack, &drafts, errors);
        let oneway = constraints(attrs.oneway, &drafts, errors);
        let fields = drafts
            .into_iter()
            .enumerate()
            .filter_map(|(index, draft)| Field::new(index, draft, &links, endian, errors))
            .collect::<Vec<_>>();
        let roles = Roles::resolve(&input.ident, &fields, errors);
        Some(Frame {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            krate: attrs.krate.map(|given| given.value),
            kind: kind?,
            response,
            heartbeat,
            heartbeat_ack,
            oneway,
            max: attrs.max.map(|given| given.value),
            size: attrs.size.map(|given| given.value),
            fields,
            roles: roles?,
        })
    }

    /// The name as the user reads it, without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    pub(crate) fn id(&self) -> &Field {
        &self.fields[self.roles.id]
    }

    pub(crate) fn timeout(&self) -> Option<&Field> {
        self.roles.timeout.map(|index| &self.fields[index])
    }

    pub(crate) fn status(&self) -> Option<&Field> {
        self.roles.status.map(|index| &self.fields[index])
    }

    pub(crate) fn headers(&self) -> Option<&Field> {
        self.roles.headers.map(|index| &self.fields[index])
    }

    pub(crate) fn body(&self) -> Option<&Field> {
        self.roles.body.map(|index| &self.fields[index])
    }

    /// The fields that the compiler knows the width of, length fields aside.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = (&Field, &Fixed)> {
        self.fields.iter().filter_map(|field| match &field.shape {
            Shape::Fixed(fixed) => Some((field, fixed)),
            _ => None,
        })
    }

    pub(crate) fn lengths(&self) -> impl Iterator<Item = (&Field, &Length)> {
        self.fields.iter().filter_map(|field| match &field.shape {
            Shape::Length(length) => Some((field, length)),
            _ => None,
        })
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (&Field, &Part)> {
        self.fields.iter().filter_map(|field| match &field.shape {
            Shape::Part(part) => Some((field, part)),
            _ => None,
        })
    }

    /// The parts, each with the field that says how long it is.
    pub(crate) fn measured(&self) -> impl Iterator<Item = Measured<'_>> {
        self.parts().filter_map(|(field, part)| {
            let length = &self.fields[part.length];
            match &length.shape {
                Shape::Length(shape) => Some(Measured { part: field, shape }),
                _ => None,
            }
        })
    }
}

/// A part and its length field.
pub(crate) struct Measured<'f> {
    pub(crate) part: &'f Field,
    shape: &'f Length,
}

impl Measured<'_> {
    /// The integer of the length field.
    pub(crate) fn int(&self) -> &Ident {
        &self.shape.int.ident
    }
}

/// The names of fields are the names of accessors, of errors and of the layout.
fn named_fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a FieldsNamed> {
    let ident = &input.ident;
    if let Data::Struct(DataStruct {
        fields: Fields::Named(named),
        ..
    }) = &input.data
    {
        return Some(named);
    }
    errors.on(
        ident,
        format_args!("a frame has named fields: write `struct {ident} {{ id: u32, … }}`"),
    );
    None
}

/// A frame is one fixed sequence of fields, and its owned shape borrows nothing.
pub(super) fn no_generics(input: &DeriveInput, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        errors.on(
            &input.generics,
            format_args!(
                "`{}` cannot have generic parameters or lifetimes: its layout is fixed",
                input.ident
            ),
        );
    } else if let Some(clause) = &input.generics.where_clause {
        errors.on(
            clause,
            format_args!("`{}` cannot have a `where` clause", input.ident),
        );
    }
}

/// `request`, or `response`, or both with the values that tell them apart.
fn kind(input: &DeriveInput, attrs: &FrameAttrs, errors: &mut Errors) -> Option<Kind> {
    let told_apart = |given: &Given<Option<_>>| given.value.is_some();
    let kind = match (&attrs.request, &attrs.response) {
        (Some(_), None) => Some(Kind::Request),
        (None, Some(response)) => {
            if told_apart(response) {
                errors.at(
                    response.key.span(),
                    "`response(…)` tells a response from the requests of the same struct: write `request` too, or no values",
                );
            }
            Some(Kind::Response)
        }
        (Some(_), Some(response)) if told_apart(response) => Some(Kind::Either),
        (Some(_), Some(response)) => {
            errors.at(
                response.key.span(),
                "`response` cannot be used with `request`, unless it says by which values: `response(field = value)`",
            );
            None
        }
        (None, None) => {
            let ident = &input.ident;
            errors.on(
                ident,
                format_args!("`{ident}` is neither a request nor a response: write `#[frame(request)]` or `#[frame(response)]`"),
            );
            None
        }
    };
    if let (Some(ack), Some(Kind::Request | Kind::Response)) = (&attrs.heartbeat_ack, kind) {
        errors.at(
            ack.key.span(),
            "`heartbeat_ack` is for a struct that is `request` and `response(…)`: here `heartbeat` says it",
        );
    }
    kind
}

fn drafts<'a>(named: &'a FieldsNamed, errors: &mut Errors) -> Vec<Draft<'a>> {
    let drafts = named.named.iter().filter_map(|field| {
        let docs = field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"));
        Some(Draft {
            docs: docs.collect(),
            ident: field.ident.as_ref()?,
            vis: &field.vis,
            ty: &field.ty,
            attrs: FieldAttrs::read(&field.attrs, errors),
            element: None,
        })
    });
    drafts.collect()
}

/// Looks up the fields that `heartbeat(…)` or `oneway(…)` names.
fn constraints(
    given: Option<Given<Vec<Equation>>>,
    drafts: &[Draft<'_>],
    errors: &mut Errors,
) -> Option<Constraints> {
    let given = given?;
    let mut found = Vec::new();
    for Equation { field: name, value } in given.value {
        let Some(field) = drafts.iter().position(|draft| *draft.ident == name) else {
            let fields: Vec<String> = drafts.iter().map(|draft| draft.ident.to_string()).collect();
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let hint = suggest::hint(&name.to_string(), &fields);
            errors.on(&name, format_args!("no field `{name}` in this frame{hint}"));
            continue;
        };
        found.push(Constraint { field, name, value });
    }
    Some(Given {
        key: given.key,
        value: found,
    })
}
