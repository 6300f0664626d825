//! The declaration as data, for tools.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::calls::{coded, wire};
use super::read::head;
use super::slots::unit;
use super::{idents, values};
use crate::attrs::value::Form;
use crate::check::Checked;
use crate::model::FieldRole;
use crate::model::field::{Field, Fixed, Length, Shape, Start, Value};
use crate::model::frame::{Direction, Frame};

pub(super) fn layout(frame: &Checked<Frame>) -> TokenStream {
    let name = frame.name();
    let sender = frame.from_server.as_ref().map(|_| quote!(.from_server()));
    let lean = head::is_lean(frame).then(|| quote!(.lean(Self::LEAN)));
    let fields = (0..frame.fields.len()).map(|index| field(frame, index));
    quote! {
        __mw::Layout::new(#name, Self::DIRECTION, __FIXED, __MAX, &[#(#fields,)*]) #sender #lean
    }
}

/// Which way frames go.
pub(super) fn direction(direction: Direction) -> TokenStream {
    match direction {
        Direction::Request => quote!(__mw::Direction::Request),
        Direction::Response => quote!(__mw::Direction::Response),
        Direction::Either => quote!(__mw::Direction::Either),
    }
}

fn field(frame: &Checked<Frame>, index: usize) -> TokenStream {
    let field = &frame.fields[index];
    let slot = idents::slot(field);
    let role = role(field).map(|role| {
        let role = Ident::new(role, Span::call_site());
        quote!(.#role())
    });
    let header = field.header.as_ref().map(|header| {
        let (name, read_only) = (&header.name.value, header.read_only);
        let form = header.form.map(|Form::Hex| quote!(.in_hex()));
        quote!(.as_header(#name, #read_only) #form)
    });
    if field.part().is_some() {
        let payload = payload_roles(field);
        let until = field.mark().map(|mark| quote!(.until(#mark)));
        let when = when(frame, field);
        return quote!(__mw::part_field(#slot) #role #until #when #header #payload);
    }
    let run = frame.plan.run_of(index);
    let place = if let Some(int) = field.varint() {
        let zigzag = int.is_zigzag();
        quote!(__mw::varint_field(#slot, #zigzag))
    } else if run.number == 0 {
        quote!(__mw::fixed_field(#slot))
    } else {
        let number = run.number;
        quote!(__mw::later_field(#number, #slot))
    };
    let decimal = field.is_decimal().then(|| quote!(.in_decimal()));
    let text = field.is_text().then(|| quote!(.in_text()));
    let null = field.shape.length().and_then(Length::null);
    let null = null.map(|null| quote!(.null(#null)));
    let (values, status) = (checked(frame, field), status(field));
    let (covers, when) = (covers(frame, index), when(frame, field));
    quote!(#place #role #decimal #text #values #status #covers #null #when #header)
}

/// The values that a field may have: those of a magic or a tag, or those that its type knows.
fn checked(frame: &Checked<Frame>, field: &Field) -> Option<TokenStream> {
    let fixed = field.fixed()?;
    let function = match fixed.value {
        Value::Magic(_) => Some(quote!(magic)),
        Value::Tag(_) => Some(quote!(tag)),
        Value::Ranges(_) => {
            let ranges = idents::values(field);
            let coded = coded_only(field, fixed);
            return Some(quote!(.tag_within(#ranges) #coded));
        }
        Value::Any | Value::Default(_) => None,
    };
    let checked = function.map(|function| {
        let values = values::patterns(frame, field);
        let values = values.unwrap_or_else(|| quote!(&[]));
        quote!(.#function(#values))
    });
    let coded = coded_only(field, fixed);
    Some(quote!(#checked #coded))
}

/// The values that its type knows.
fn coded_only(field: &Field, fixed: &Fixed) -> Option<TokenStream> {
    (fixed.start == Start::Unknown).then(|| {
        let only = wire(field, "ONLY");
        quote!(.coded(#only))
    })
}

/// Which statuses a field holds.
fn status(field: &Field) -> Option<TokenStream> {
    let (least, most) = (coded(field, "LEAST"), coded(field, "MOST"));
    let status = field.fixed().is_some() && field.has_role(FieldRole::Status);
    status.then(|| quote!(.within(#least, #most)))
}

/// The roles that a part with a payload codec has; the kind is not a role of a field.
fn payload_roles(field: &Field) -> Option<TokenStream> {
    field.codec()?;
    let roles = field
        .roles()
        .iter()
        .filter(|role| !matches!(role.value, FieldRole::Kind | FieldRole::Reason));
    let roles = roles.map(|role| role_of(role.value));
    Some(quote!(.payload_roles(&[#(#roles),*])))
}

/// What a length covers that is not one part, or a checksum.
fn covers(frame: &Checked<Frame>, index: usize) -> Option<TokenStream> {
    let (cover, unit) = match &frame.fields[index].shape {
        Shape::Length(length) => {
            let part = frame.fields[length.cover.first].part();
            if part.is_some_and(|part| part.length == Some(index)) {
                return None;
            }
            (length.cover, unit(length))
        }
        Shape::Check(check) => (check.cover, quote!(1)),
        Shape::Fixed(_) | Shape::Part(_) => return None,
    };
    let (first, last) = (&frame.fields[cover.first], &frame.fields[cover.last]);
    let (first, last) = (first.name(), last.name());
    Some(quote!(.over(#first, #last, #unit)))
}

fn when(frame: &Checked<Frame>, field: &Field) -> Option<TokenStream> {
    let given = field.when.as_ref()?;
    let conditions = given.value.iter().map(|constraint| {
        let name = frame.fields[constraint.field].name();
        let values = values::conditions(frame, constraint);
        quote!(__mw::Condition::new(#name, #values))
    });
    Some(quote!(.when(&[#(#conditions),*])))
}

/// What a field is for, by the function of `Field` that says it; a magic and a tag say it with their values.
fn role(field: &Field) -> Option<&'static str> {
    if field.codec().is_some() {
        return Some("payload");
    }
    if field.fixed().is_some_and(|fixed| fixed.id_copy.is_some()) {
        return Some("id_copy");
    }
    match (field.roles(), &field.shape) {
        ([_, _], _) => Some("timeout_or_status"),
        ([role], _) => Some(match role.value {
            FieldRole::Id => "id",
            FieldRole::Timeout => "timeout",
            FieldRole::Status => "status",
            FieldRole::Headers => "headers",
            FieldRole::Body => "body",
            FieldRole::Kind => "payload",
            FieldRole::Reason => return None,
        }),
        (_, Shape::Length(_)) => Some("length"),
        (_, Shape::Check(_)) => Some("checksum"),
        (_, Shape::Fixed(_) | Shape::Part(_)) => None,
    }
}

fn role_of(role: FieldRole) -> TokenStream {
    match role {
        FieldRole::Id => quote!(__mw::FieldRole::Id),
        FieldRole::Timeout => quote!(__mw::FieldRole::Timeout),
        FieldRole::Status => quote!(__mw::FieldRole::Status),
        FieldRole::Headers => quote!(__mw::FieldRole::Headers),
        FieldRole::Body => quote!(__mw::FieldRole::Body),
        FieldRole::Kind => quote!(__mw::FieldRole::Payload),
        FieldRole::Reason => quote!(__mw::FieldRole::Plain),
    }
}
