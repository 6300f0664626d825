//! `Default` and `Frame`: what the declaration says once for all frames of its kind.

use std::slice;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{decode, idents};
use crate::attrs::field::Role;
use crate::check::Checked;
use crate::model::field::{Field, Fixed, Shape, Value};
use crate::model::frame::{Constraints, Frame, Kind};
use crate::model::literal;

/// Every field at its declared default.
pub(super) fn default(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let fields = frame.fields.iter().map(|field| {
        let name = &field.ident;
        let value = match &field.shape {
            Shape::Fixed(fixed) => initial(fixed),
            Shape::Length(_) => quote!(__mw::Len::COMPUTED),
            Shape::Part(_) => quote!(__mw::Default::default()),
        };
        quote!(#name: #value)
    });
    quote! {
        #[automatically_derived]
        impl __mw::Default for #ident {
            fn default() -> Self {
                Self { #(#fields,)* }
            }
        }
    }
}

fn initial(fixed: &Fixed) -> TokenStream {
    match &fixed.value {
        Value::Magic(given) | Value::Default(given) => {
            let value = &given.value;
            quote!(#value)
        }
        Value::Tag(given) => {
            let first = given.value.first();
            quote!(#first)
        }
        Value::Any => quote!(__mw::Bits::ZERO),
    }
}

pub(super) fn frame(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let view = idents::view(ident);
    let role = role(frame.kind);
    let heartbeat = frame.heartbeat.is_some();
    let layout = layout(frame);
    let recognise = decode::recognise(frame);
    let scan = decode::scan(frame);
    let from_view = decode::from_view(frame);
    let template = template(frame);
    let (id, id_slot) = (&frame.id().ty, idents::slot(frame.id()));
    quote! {
        #[automatically_derived]
        impl __mw::Frame for #ident {
            type View<'a> = #view<'a>;
            const ROLE: __mw::Role = #role;
            const LAYOUT: __mw::Layout = #layout;
            const FIXED: __mw::usize = __FIXED;
            const HEARTBEAT: __mw::bool = #heartbeat;
            #recognise
            #scan
            #from_view
            #template
            #[inline]
            fn patch_id(__frame: &mut [__mw::u8], __id: __mw::u64) -> __mw::Result<(), __mw::Error> {
                __mw::patch_id::<#id>(__frame, #id_slot, __id)
            }
        }
    }
}

pub(super) fn role(kind: Kind) -> TokenStream {
    match kind {
        Kind::Request => quote!(__mw::Role::Request),
        Kind::Response => quote!(__mw::Role::Response),
        Kind::Either => quote!(__mw::Role::Either),
    }
}

/// The declaration as data, for tools.
fn layout(frame: &Checked<Frame>) -> TokenStream {
    let name = frame.name();
    let role = role(frame.kind);
    let fields = frame.fields.iter().map(|field| {
        let slot = idents::slot(field);
        let meaning = meaning(field);
        match &field.shape {
            Shape::Part(_) => quote!(__mw::Field::part(#slot, #meaning)),
            Shape::Length(_) => quote!(__mw::Field::fixed(#slot, #meaning)),
            Shape::Fixed(fixed) => {
                let values = values(fixed).map(|values| quote!(.with(&[#(#values),*])));
                quote!(__mw::Field::fixed(#slot, #meaning) #values)
            }
        }
    });
    quote! {
        __mw::Layout {
            frame: #name,
            role: #role,
            fixed: __FIXED,
            max: __MAX,
            fields: &[#(#fields,)*],
        }
    }
}

/// The values that a magic or a tag can have, if they are known as numbers.
fn values(fixed: &Fixed) -> Option<Vec<Literal>> {
    let int = fixed.int.as_ref()?;
    let values = match &fixed.value {
        Value::Magic(given) => slice::from_ref(&given.value),
        Value::Tag(given) => &given.value,
        Value::Any | Value::Default(_) => return None,
    };
    let numbers = values.iter().map(literal::integer);
    let patterns =
        numbers.map(|number| number.map(|number| Literal::u64_unsuffixed(int.pattern(number))));
    patterns.collect()
}

fn meaning(field: &Field) -> TokenStream {
    if let [_, _] = field.roles() {
        return quote!(__mw::FieldRole::TimeoutOrStatus);
    }
    if let [role] = field.roles() {
        return match role.value {
            Role::Id => quote!(__mw::FieldRole::Id),
            Role::Timeout => quote!(__mw::FieldRole::Timeout),
            Role::Status => quote!(__mw::FieldRole::Status),
            Role::Headers => quote!(__mw::FieldRole::Headers),
            Role::Body => quote!(__mw::FieldRole::Body),
        };
    }
    match &field.shape {
        Shape::Length(_) => quote!(__mw::FieldRole::Length),
        Shape::Fixed(Fixed {
            value: Value::Magic(_),
            ..
        }) => quote!(__mw::FieldRole::Magic),
        Shape::Fixed(Fixed {
            value: Value::Tag(_),
            ..
        }) => quote!(__mw::FieldRole::Tag),
        Shape::Fixed(_) | Shape::Part(_) => quote!(__mw::FieldRole::Plain),
    }
}

/// A frame to start from: the defaults, and the values that make it what is wanted.
fn template(frame: &Checked<Frame>) -> TokenStream {
    let body = if frame.kind == Kind::Either {
        template_of_either(frame)
    } else if let Some(heartbeat) = &frame.heartbeat {
        let values = set(frame, heartbeat);
        quote! {
            let mut __frame = <Self as __mw::Default>::default();
            if __mw::serves(Self::ROLE, Self::HEARTBEAT, __template)? {
                #values
            }
            __mw::Some(__frame)
        }
    } else {
        quote! {
            let _ordinary = __mw::serves(Self::ROLE, Self::HEARTBEAT, __template)?;
            __mw::Some(<Self as __mw::Default>::default())
        }
    };
    quote! {
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            #body
        }
    }
}

fn template_of_either(frame: &Checked<Frame>) -> TokenStream {
    let lists = [
        (quote!(Heartbeat), &frame.heartbeat),
        (quote!(HeartbeatAck), &frame.heartbeat_ack),
        (quote!(Response), &frame.response),
    ];
    let arms = lists.iter().map(|(template, list)| {
        let values = list
            .as_ref()
            .map_or_else(|| quote!(return __mw::None), |list| set(frame, list));
        quote!(__mw::Template::#template => { #values })
    });
    quote! {
        let mut __frame = <Self as __mw::Default>::default();
        match __template {
            #(#arms)*
            __mw::Template::Request => {}
        }
        __mw::Some(__frame)
    }
}

/// Gives a frame the values of a list.
fn set(frame: &Checked<Frame>, list: &Constraints) -> TokenStream {
    let values = list.value.iter().map(|constraint| {
        let (name, value) = (&frame.fields[constraint.field].ident, &constraint.value);
        quote!(__frame.#name = #value;)
    });
    values.collect()
}
