//! The frame: its direction, its fields, and the values that make it a heartbeat or a one-way call.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{DeriveInput, Expr, Path, Type, Visibility};

use super::constraint::{Constraint, Constraints, constraints_of};
use super::draft::Draft;
use super::entry::not_of_an_entry;
use super::extents::{Cover, Extents};
use super::field::{Field, Fixed, Length, Part};
use super::generics::no_generics;
use super::plan::{Plan, Run};
use super::roles::Roles;
use crate::attrs::Given;
use crate::attrs::field::FieldRole;
use crate::attrs::frame::{FrameAttrs, FrameSource};
use crate::attrs::value::Endian;
use crate::errors::Errors;

/// A frame of a protocol, laid out on the wire in the order of its fields.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Option<Path>,
    pub(crate) direction: Direction,
    /// What makes a frame of a struct for both halves a response.
    pub(crate) response: Option<Constraints>,
    pub(crate) heartbeat: Option<Constraints>,
    /// The answer to a heartbeat, in a struct for both halves.
    pub(crate) heartbeat_ack: Option<Constraints>,
    pub(crate) oneway: Option<Constraints>,
    /// What makes a frame one that hosts leave alone.
    pub(crate) verbatim: Option<Constraints>,
    /// What makes a request one that the mesh answers itself.
    pub(crate) local: Option<Constraints>,
    /// They are looked for only in what servers send.
    pub(crate) from_server: Option<Ident>,
    pub(crate) max: Option<Expr>,
    pub(crate) size: Option<Expr>,
    pub(crate) fields: Vec<Field>,
    pub(crate) plan: Plan,
    pub(crate) roles: Roles,
}

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
    /// One struct for both: its values say which.
    Either,
}

impl Frame {
    pub(crate) fn build(source: &FrameSource<'_>, errors: &mut Errors) -> Option<Self> {
        let input = source.input;
        let Some(fields) = &source.fields else {
            return not_named(input, errors);
        };
        let attrs = source.attrs.clone();
        no_generics(input, errors);
        not_of_an_entry(source, errors);
        let by_codec = fields.iter().any(|field| {
            let mut roles = field.attrs.roles.iter();
            field.attrs.with.is_some() && roles.any(|given| given.value == FieldRole::Kind)
        });
        let direction = direction(input, &attrs, by_codec, errors);
        let response = attrs.response.and_then(|given| {
            let value = given.value?;
            Some(Given {
                key: given.key,
                value,
            })
        });
        let endian = attrs.endian.map_or(Endian::Big, |given| given.value);
        let drafts = Draft::all(fields, errors);
        let extents = Extents::resolve(&drafts, errors);
        let idents: Vec<Ident> = fields.iter().map(|field| field.ident.clone()).collect();
        let response = constraints_of(response, &idents, errors);
        let heartbeat = constraints_of(attrs.heartbeat, &idents, errors);
        let heartbeat_ack = constraints_of(attrs.heartbeat_ack, &idents, errors);
        let oneway = constraints_of(attrs.oneway, &idents, errors);
        let verbatim = constraints_of(attrs.verbatim, &idents, errors);
        let local = constraints_of(attrs.local, &idents, errors);
        let drafts = drafts.into_iter().enumerate();
        let fields = drafts
            .filter_map(|(index, draft)| {
                Field::new(index, draft, &idents, &extents, endian, errors)
            })
            .collect::<Vec<_>>();
        errors.gate()?;
        let roles = Roles::resolve(&input.ident, &fields, errors);
        Some(Frame {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            krate: attrs.krate.map(|given| given.value),
            direction: direction?,
            response,
            heartbeat,
            heartbeat_ack,
            oneway,
            verbatim,
            local,
            from_server: attrs.from.map(|given| given.key),
            max: attrs.max.map(|given| given.value),
            size: attrs.size.map(|given| given.value),
            plan: Plan::of(&fields),
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

    /// What the innermost length around a field covers.
    pub(crate) fn around(&self, field: usize) -> Option<Cover> {
        let covers = self.lengths().map(|(_, length)| length.cover);
        covers
            .filter(|cover| cover.contains(field))
            .min_by_key(|cover| cover.last - cover.first)
    }

    /// The checksums, by index, each after those that it covers; `None` if there is no such order.
    pub(crate) fn checks(&self) -> Option<Vec<usize>> {
        let all = self.fields.iter().enumerate();
        let mut left: Vec<(usize, Cover)> = all
            .filter_map(|(index, field)| Some((index, field.shape.check()?.cover)))
            .collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let free = left.iter().position(|(index, cover)| {
                let mut others = left.iter().filter(|(other, _)| other != index);
                !others.any(|(other, _)| cover.contains(*other))
            });
            order.push(left.remove(free?).0);
        }
        Some(order)
    }

    /// Whether the kind of the frame follows from the value of a field.
    pub(crate) fn says_kind(&self, field: usize) -> bool {
        let lists = [
            &self.response,
            &self.heartbeat,
            &self.heartbeat_ack,
            &self.oneway,
            &self.verbatim,
            &self.local,
        ];
        let mut kinds = lists.into_iter().flatten().flat_map(|given| &given.value);
        kinds.any(|constraint| constraint.field == field)
    }

    /// The flag among the values with which a field is there, by the index of its field.
    pub(crate) fn flag_of(&self, field: &Field) -> Option<usize> {
        let conditions = field.when.iter().flat_map(|given| &given.value);
        let mut fields = conditions.map(|constraint| constraint.field);
        fields.find(|index| {
            let fixed = self.fields[*index].fixed();
            fixed.is_some_and(|fixed| fixed.flag.is_some())
        })
    }

    /// The fields that are flags, each with the values with which others are there.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (usize, &Constraint)> {
        let fields = self.fields.iter().enumerate();
        fields.filter_map(|(index, field)| {
            field.fixed()?.flag.as_ref()?;
            let conditions = self.fields.iter().filter_map(|field| field.when.as_ref());
            let mut conditions = conditions.flat_map(|given| &given.value);
            Some((
                index,
                conditions.find(|constraint| constraint.field == index)?,
            ))
        })
    }

    /// The run whose bytes are there when a field is that is not in every frame: its own, or that of its length.
    pub(crate) fn run_with(&self, field: usize) -> &Run {
        let length = self.fields[field].part().and_then(|part| part.length);
        self.plan.run_of(length.unwrap_or(field))
    }

    /// The part that says of itself what the frame is.
    pub(crate) fn kind_part(&self) -> Option<&Field> {
        self.roles.kind.map(|index| &self.fields[index])
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

    /// Where the mesh says why it has answered.
    pub(crate) fn reason(&self) -> Option<&Field> {
        self.roles.reason.map(|index| &self.fields[index])
    }

    /// The fields that the compiler knows the width of, length fields aside.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = (&Field, &Fixed)> {
        let fields = self.fields.iter();
        fields.filter_map(|field| Some((field, field.shape.fixed()?)))
    }

    pub(crate) fn lengths(&self) -> impl Iterator<Item = (&Field, &Length)> {
        let fields = self.fields.iter();
        fields.filter_map(|field| Some((field, field.shape.length()?)))
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (&Field, &Part)> {
        let fields = self.fields.iter();
        fields.filter_map(|field| Some((field, field.shape.part()?)))
    }

    /// The parts that have a length field of their own, each with that.
    pub(crate) fn measured(&self) -> impl Iterator<Item = Measured<'_>> {
        self.parts().filter_map(|(field, part)| {
            let length = &self.fields[part.length?];
            let shape = length.shape.length()?;
            Some(Measured { part: field, shape })
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
    pub(crate) fn int(&self) -> &Type {
        &self.shape.int.ty
    }
}

/// The names of fields are the names of accessors, of errors and of the layout.
fn not_named<T>(input: &DeriveInput, errors: &mut Errors) -> Option<T> {
    let ident = &input.ident;
    errors.on(
        ident,
        format_args!("a frame has named fields: write `struct {ident} {{ id: u32, … }}`"),
    );
    None
}

/// `request`, or `response`, or both with the values that distinguish them.
fn direction(
    input: &DeriveInput,
    attrs: &FrameAttrs,
    by_codec: bool,
    errors: &mut Errors,
) -> Option<Direction> {
    if by_codec {
        let given = attrs.request.as_ref().map(|given| &given.key);
        let stated = [
            given,
            attrs.response.as_ref().map(|given| &given.key),
            attrs.heartbeat.as_ref().map(|given| &given.key),
            attrs.heartbeat_ack.as_ref().map(|given| &given.key),
            attrs.oneway.as_ref().map(|given| &given.key),
            attrs.verbatim.as_ref().map(|given| &given.key),
            attrs.local.as_ref().map(|given| &given.key),
        ];
        for key in stated.into_iter().flatten() {
            errors.at(
                key.span(),
                format_args!(
                    "`{key}` cannot be used with a field that has the role `kind`, which decides it"
                ),
            );
        }
        return Some(Direction::Either);
    }
    let has_values = |given: &Given<Option<_>>| given.value.is_some();
    let direction = match (&attrs.request, &attrs.response) {
        (Some(_), None) => Some(Direction::Request),
        (None, Some(response)) => {
            if has_values(response) {
                errors.at(
                    response.key.span(),
                    "`response(…)` distinguishes responses from requests of the same struct: write `request` too, or no values",
                );
            }
            Some(Direction::Response)
        }
        (Some(_), Some(response)) if has_values(response) => Some(Direction::Either),
        (Some(_), Some(response)) => {
            errors.at(
                response.key.span(),
                "`response` with `request` needs values to distinguish them: `response(field = value)`",
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
    if let (Some(ack), Some(Direction::Request | Direction::Response)) =
        (&attrs.heartbeat_ack, direction)
    {
        errors.at(
            ack.key.span(),
            "`heartbeat_ack` is only valid on a struct that is `request` and `response(…)`: use `heartbeat` here",
        );
    }
    direction
}
