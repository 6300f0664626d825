//! `Default` and `Frame`: what the declaration says once for all frames of its kind.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use crate::attrs::value::EchoChange;
use crate::check::Checked;
use crate::expand::calls::{codec_call, codec_item, place};
use crate::expand::layout;
use crate::expand::read::{detect, head, scan};
use crate::expand::values::{self, initial};
use crate::expand::{idents, inputs};
use crate::model::constraint::Constraints;
use crate::model::field::Shape;
use crate::model::frame::{Direction, Frame};
use crate::model::literal;

/// Every field at its declared default.
pub(in crate::expand) fn default(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let fields = frame.fields.iter().map(|field| {
        let name = &field.ident;
        let value = match &field.shape {
            Shape::Fixed(_) => initial(frame, field),
            Shape::Length(_) => quote!(__mw::Len::COMPUTED),
            Shape::Check(_) => quote!(__mw::Check::COMPUTED),
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

pub(in crate::expand) fn frame(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let view = idents::view(ident);
    let direction = layout::direction(frame.direction);
    // The metadata of a part may be that of a heartbeat.
    let heartbeat = frame.heartbeat.is_some() || frame.kind_part().is_some();
    let ack = match frame.direction {
        Direction::Request => false,
        Direction::Response => heartbeat,
        Direction::Either => frame.heartbeat_ack.is_some() || frame.kind_part().is_some(),
    };
    let facts = [
        (heartbeat, quote!(HEARTBEAT)),
        (ack, quote!(HEARTBEAT_ACK)),
        (frame.local.is_some(), quote!(LOCAL)),
    ];
    let facts = facts.into_iter();
    let facts = facts.filter_map(|(holds, name)| holds.then_some(name));
    let opaque = is_opaque(frame);
    let layout = layout::layout(frame);
    let largest_id = largest_id(frame);
    let detected = detect::detect(frame);
    let scan = scan::scan(frame);
    let scan_head = head::scan(frame);
    let from_view = detect::from_view(frame);
    let template = template(frame);
    let kind = has_kind(frame);
    quote! {
        #kind
        #[automatically_derived]
        impl __mw::Frame for #ident {
            type View<'a> = #view<'a>;
            const DIRECTION: __mw::Direction = #direction;
            const LAYOUT: __mw::Layout = #layout;
            const FIXED: __mw::usize = __FIXED;
            #(const #facts: __mw::bool = true;)*
            #opaque
            #largest_id
            #detected
            #scan
            #scan_head
            #from_view
            #template
        }
    }
}

/// A payload codec that decides the kind of a frame knows it.
fn has_kind(frame: &Checked<Frame>) -> Option<TokenStream> {
    let codec = frame.kind_part()?.codec()?;
    let known = codec_item(codec, "HAS_KIND");
    let message = "the payload codec of this field does not say what kind its frame is: declare that above the struct, or add `request` or `response(field = value)` to the record";
    Some(quote_spanned!(place(codec)=> const _: () = __mw::assert!(#known, #message);))
}

/// Whether the id can be non-numeric: of one in a part, its payload codec knows that.
fn is_opaque(frame: &Checked<Frame>) -> Option<TokenStream> {
    let value = match (frame.id().codec(), frame.id().fixed()) {
        (Some(codec), _) => codec_item(codec, "HAS_OPAQUE_ID"),
        (None, Some(fixed)) if fixed.int.is_some() => return None,
        (None, _) => quote!(true),
    };
    Some(quote!(const OPAQUE: __mw::bool = #value;))
}

/// The largest id of a payload codec is not in the layout.
fn largest_id(frame: &Checked<Frame>) -> Option<TokenStream> {
    let of_codec = codec_item(frame.id().codec()?, "LARGEST_ID");
    Some(quote! {
        const LARGEST_ID: __mw::u64 = __mw::least(&[Self::LAYOUT.largest_id(), #of_codec]);
    })
}

/// A frame to start from: the defaults, and the values that make it what is wanted.
fn template(frame: &Checked<Frame>) -> TokenStream {
    let payloads = template_payloads(frame);
    let body = if frame.kind_part().is_some() {
        quote! {
            let mut __frame = <Self as __mw::Default>::default();
            #payloads
            __mw::Some(__frame)
        }
    } else if frame.direction == Direction::Either {
        template_of_either(frame)
    } else if let Some(heartbeat) = &frame.heartbeat {
        let beats = |values: TokenStream| {
            (!values.is_empty()).then(|| {
                quote! {
                    if __beats {
                        #values
                    }
                }
            })
        };
        let (fields, parts) = (set(frame, heartbeat, false), set(frame, heartbeat, true));
        let set = if payloads.is_empty() {
            quote!(if __mw::serves::<Self>(__template)? { #fields #parts })
        } else {
            let (fields, parts) = (beats(fields), beats(parts));
            quote! {
                let __beats = __mw::serves::<Self>(__template)?;
                #fields
                #payloads
                #parts
            }
        };
        quote! {
            let mut __frame = <Self as __mw::Default>::default();
            #set
            __mw::Some(__frame)
        }
    } else if payloads.is_empty() {
        quote! {
            let _ordinary = __mw::serves::<Self>(__template)?;
            __mw::Some(<Self as __mw::Default>::default())
        }
    } else {
        quote! {
            let _ordinary = __mw::serves::<Self>(__template)?;
            let mut __frame = <Self as __mw::Default>::default();
            #payloads
            __mw::Some(__frame)
        }
    };
    let answer = answer(frame);
    quote! {
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            #body
        }
        #answer
    }
}

/// Fields with `echo` repeat what a request says, and so may parts with a payload codec.
fn answer(frame: &Checked<Frame>) -> Option<TokenStream> {
    let parts = frame.parts().filter_map(|(field, _)| {
        let (name, codec) = (&field.ident, field.codec()?);
        let inputs = inputs::owned(frame, field, "__frame")?;
        let args = quote!(__template, #inputs, __request.#name());
        let region = codec_call(codec, "answer_for", &args);
        Some(quote!(__frame.#name = #region?;))
    });
    let fixed = frame.fixed().filter(|(_, fixed)| fixed.echo.is_some());
    let fixed = fixed.map(|(field, fixed)| {
        let name = &field.ident;
        let echo = fixed.echo.as_ref().map(|echo| &echo.value);
        let of = echo.and_then(|echo| echo.of.as_ref()).unwrap_or(name);
        let change = echo.and_then(|echo| echo.change.as_ref());
        if let Some(change) = change {
            let (slot, number) = (idents::slot(field), literal::integer(change.number()));
            let number =
                Literal::u64_unsuffixed(number.and_then(|n| u64::try_from(n).ok()).unwrap_or(0));
            let changed = match change {
                EchoChange::Add(_) => quote!(echo_add),
                EchoChange::Set(_) => quote!(echo_set),
            };
            return quote_spanned! {of.span()=>
                __frame.#name = __mw::#changed(__request.#of(), #slot, #number)?;
            };
        }
        // What is no integer can have bytes that are no value.
        let checked = fixed.int.is_none().then(|| quote!(.ok()?));
        quote_spanned!(of.span()=> __frame.#name = __request.#of() #checked;)
    });
    let parts: Vec<TokenStream> = fixed.chain(parts).collect();
    (!parts.is_empty()).then(|| {
        quote! {
            fn answer(
                __template: __mw::Template,
                __request: &Self::View<'_>,
            ) -> __mw::Option<Self> {
                let mut __frame = <Self as __mw::Frame>::template(__template)?;
                #(#parts)*
                __mw::Some(__frame)
            }
        }
    })
}

/// The parts with a payload codec, by the fields that make the frame what is wanted: only that
/// language knows how an empty one looks, and whether there is such a frame.
fn template_payloads(frame: &Checked<Frame>) -> TokenStream {
    let parts = frame.parts().filter_map(|(field, _)| {
        let (name, codec) = (&field.ident, field.codec()?);
        let inputs = inputs::owned(frame, field, "__frame")?;
        let region = codec_call(codec, "region_for", &quote!(__template, #inputs));
        Some(quote!(__frame.#name = #region?;))
    });
    parts.collect()
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
            .map_or_else(|| quote!(return __mw::None), |list| set(frame, list, false));
        quote!(__mw::Template::#template => { #values })
    });
    let payloads = template_payloads(frame);
    let parts = lists.iter().filter_map(|(template, list)| {
        let values = set(frame, list.as_ref()?, true);
        let some = !values.is_empty();
        some.then(|| {
            quote! {
                if __template == __mw::Template::#template {
                    #values
                }
            }
        })
    });
    quote! {
        let mut __frame = <Self as __mw::Default>::default();
        match __template {
            #(#arms)*
            __mw::Template::Request => {}
        }
        #payloads
        #(#parts)*
        __mw::Some(__frame)
    }
}

/// Gives a frame the values of a list: of its fixed fields, or of its parts.
fn set(frame: &Checked<Frame>, list: &Constraints, parts: bool) -> TokenStream {
    let values = list.value.iter().filter_map(|constraint| {
        let field = &frame.fields[constraint.field];
        let value = constraint.values.first();
        let (name, value) = (
            &field.ident,
            value.map(|value| values::of(frame, field, value)),
        );
        (field.part().is_some() == parts).then(|| {
            if parts {
                quote!(__frame.#name = __mw::Bytes::from_static(#value);)
            } else {
                quote!(__frame.#name = #value;)
            }
        })
    });
    values.collect()
}
