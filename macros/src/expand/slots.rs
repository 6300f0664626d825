//! The place of every field, as consts that the compiler computes, and the pins that hold it to the
//! author's word.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use super::calls::{codec_const, place, summed, wire};
use super::idents;
use crate::check::Checked;
use crate::model::Endian;
use crate::model::field::{Field, Fixed, Length, Part, Shape, Start};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

pub(super) fn consts(frame: &Checked<Frame>) -> TokenStream {
    let items = frame.plan.items.iter().map(|item| match item {
        Item::Run(run) => run_slots(frame, run),
        Item::Part(index) => part_slot(frame, &frame.fields[*index]),
        Item::Filler(_) => TokenStream::new(),
    });
    let max = frame.max.as_ref();
    let max = max.map_or_else(|| quote!(__mw::MAX_FRAME), |max| quote!(#max));
    let pins = pins(frame);
    let formats = formats(frame);
    quote! {
        #(#items)*
        #formats
        const __MAX: __mw::usize = #max;
        #pins
    }
}

/// The fields of a run, each after the one before it.
fn run_slots(frame: &Checked<Frame>, run: &Run) -> TokenStream {
    let mut previous: Option<&Field> = None;
    let mut slots = TokenStream::new();
    for index in &run.fields {
        let field = &frame.fields[*index];
        let slot = idents::slot(field);
        let value = run_slot(frame, *index, previous.replace(field));
        slots.extend(quote! { const #slot: &__mw::Slot = &#value; });
    }
    if run.varint {
        return slots;
    }
    let last = previous.map(idents::slot);
    let (size, end) = (idents::size(run), last.map(|last| quote!(#last.end())));
    let end = end.unwrap_or_else(|| quote!(0));
    quote! {
        #slots
        const #size: __mw::usize = #end;
    }
}

fn run_slot(frame: &Checked<Frame>, index: usize, previous: Option<&Field>) -> TokenStream {
    let field = &frame.fields[index];
    let name = field.name();
    if let Some(int) = field.varint() {
        let (frame, ty) = (frame.name(), &int.ty);
        let call = quote_spanned!(place(ty)=> __mw::Slot::varint::<#ty>);
        return quote!(#call(#frame, #name));
    }
    let bits = frame.plan.bits_of(index);
    if let (Some(place), Some(previous)) = (bits.filter(|place| place.bytes.is_none()), previous) {
        let (previous, bits) = (idents::slot(previous), place.bits);
        return quote!(#previous.beside(#name, #bits));
    }
    let slot = whole_slot(frame, field, bits.and_then(|place| place.bytes), previous);
    match bits {
        Some(place) => {
            let (bits, shift) = (place.bits, place.shift);
            quote!(#slot.of_bits(#bits, #shift))
        }
        // What is no integer may be bytes.
        None if field.fixed().is_some_and(|fixed| fixed.int.is_none()) => {
            let show = wire(field, "SHOW");
            quote!(#slot.showing(#show))
        }
        None => slot,
    }
}

/// A field that has all of its bytes, or the first one in the bytes that bits share.
fn whole_slot(
    frame: &Checked<Frame>,
    field: &Field,
    shared: Option<usize>,
    previous: Option<&Field>,
) -> TokenStream {
    let (frame, name) = (frame.name(), field.name());
    let little = (field.shape.endian() == Some(Endian::Little)).then(|| quote!(.little()));
    let previous = previous.map(idents::slot);
    if let (Some(int), None) = (field.shape.int(), shared) {
        let int = &int.ty;
        return match previous {
            None => quote!(__mw::Slot::front::<#int>(#frame, #name)#little),
            Some(previous) => quote!(#previous.next::<#int>(#name)#little),
        };
    }
    let (size, big) = (
        shared.map_or_else(|| width(field), |bytes| quote!(#bytes)),
        order(Endian::Big),
    );
    match previous {
        None => quote!(__mw::Slot::first(#frame, #name, #size, #big)#little),
        Some(previous) => quote!(#previous.then(#name, #size, #big)#little),
    }
}

/// How many bytes a fixed field has.
fn width(field: &Field) -> TokenStream {
    match &field.shape {
        Shape::Check(check) => summed(&check.algorithm, "WIDTH"),
        _ => wire(field, "WIDTH"),
    }
}

/// A part begins, as far as the compiler knows, where the fixed fields at the front end.
fn part_slot(frame: &Checked<Frame>, field: &Field) -> TokenStream {
    let (slot, name) = (idents::slot(field), field.name());
    let Some(part) = field.part() else {
        return TokenStream::new();
    };
    let limit = limit(field, part);
    let value = if let Some(length) = part.length {
        let length = idents::slot(&frame.fields[length]);
        let head = frame.plan.runs().next();
        let last = head.and_then(|head| head.fields.last());
        if let Some(end) = last.map(|last| idents::slot(&frame.fields[*last])) {
            quote!(#end.part(#name, #length, #limit))
        } else {
            let frame = frame.name();
            quote!(__mw::Slot::rest(#frame, #name, #limit).measured(#length))
        }
    } else {
        let frame = frame.name();
        quote!(__mw::Slot::rest(#frame, #name, #limit))
    };
    let keys = field.codec().map(|codec| {
        let keys = codec_const(codec, "KEYS");
        quote!(.with_keys(#keys))
    });
    quote! { const #slot: &__mw::Slot = &#value #keys; }
}

/// The format of a header map that is not a block. It is named once, so a wrong one is one error.
fn formats(frame: &Checked<Frame>) -> TokenStream {
    let formats = frame.parts().filter_map(|(field, _)| {
        let (name, format) = (idents::format(field), field.format()?);
        let call = quote_spanned!(place(format)=> __mw::Format::of::<#format>);
        Some(quote!(const #name: &__mw::Format = &#call();))
    });
    formats.collect()
}

/// What a length counts, in bytes.
pub(super) fn unit(length: &Length) -> TokenStream {
    let unit = length.unit.as_ref().map(|given| &given.value);
    unit.map_or_else(|| quote!(1), |unit| quote!(#unit))
}

pub(super) fn order(endian: Endian) -> TokenStream {
    match endian {
        Endian::Big => quote!(__mw::Endian::Big),
        Endian::Little => quote!(__mw::Endian::Little),
    }
}

/// How long a part may be: as declared, or what its type allows.
fn limit(field: &Field, part: &Part) -> TokenStream {
    let ty = part.nullable.as_ref().unwrap_or(&field.ty);
    let own = part.max.as_ref().map(|given| given.value.to_token_stream());
    own.unwrap_or_else(|| quote_spanned!(place(ty)=> <#ty as __mw::Part>::MAX))
}

/// A wrong pin is an error at the number the author wrote.
fn pins(frame: &Checked<Frame>) -> TokenStream {
    let mut pins = TokenStream::new();
    for field in &frame.fields {
        let slot = idents::slot(field);
        if let Some(declared) = field.shape.at() {
            let declared = &declared.value;
            pins.extend(quote_spanned! {place(declared)=>
                const _: () = __mw::pin_at(#slot, #declared);
            });
        }
        match &field.shape {
            Shape::Fixed(Fixed {
                bits: Some(bits), ..
            }) => {
                let holds = wire(field, "HOLDS");
                pins.extend(quote_spanned! {place(&bits.value)=>
                    const _: () = __mw::pin_bits(#slot, #holds);
                });
            }
            Shape::Length(Length {
                unit: Some(unit), ..
            }) => {
                let unit = &unit.value;
                pins.extend(quote_spanned! {place(unit)=>
                    const _: () = __mw::pin_unit(#slot, #unit);
                });
            }
            _ => {}
        }
    }
    pins.extend(
        frame
            .fixed()
            .filter_map(|(field, fixed)| width_pin(field, fixed)),
    );
    pins.extend(opaque_pin(frame));
    if let Some(declared) = &frame.size {
        let name = frame.name();
        pins.extend(quote_spanned! {place(declared)=>
            const _: () = __mw::pin_size(#name, __FIXED, #declared);
        });
    }
    pins
}

/// A type whose name says nothing is perhaps an alias of one without a fixed width.
fn width_pin(field: &Field, fixed: &Fixed) -> Option<TokenStream> {
    let (slot, width) = (idents::slot(field), wire(field, "WIDTH"));
    (fixed.start == Start::Unknown).then(|| {
        quote_spanned! {place(&field.ty)=>
            const _: () = __mw::pin_width(#slot, #width);
        }
    })
}

/// A non-numeric id has to have room for one of the host's.
fn opaque_pin(frame: &Checked<Frame>) -> Option<TokenStream> {
    let id = frame.id();
    id.fixed().filter(|fixed| fixed.int.is_none())?;
    let (ty, slot) = (&id.ty, idents::slot(id));
    Some(quote_spanned! {place(ty)=>
        const _: () = __mw::pin_opaque(#slot);
    })
}
