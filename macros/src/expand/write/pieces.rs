//! The pieces of a frame, and what is computed from them when it is written: lengths and what fills up their
//! units, checksums, the places of the id.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::check::Checked;
use crate::expand::calls::summed;
use crate::expand::idents;
use crate::expand::slots::unit;
use crate::model::FieldRole;
use crate::model::extents::Cover;
use crate::model::field::Shape;
use crate::model::frame::Frame;
use crate::model::plan::{Filler, Item};

/// The frame as its pieces, which have these bytes, with another id and other values in fixed fields.
pub(in crate::expand) fn pieces(
    frame: &Checked<Frame>,
    bytes: impl Fn(&Item) -> TokenStream,
    id: &TokenStream,
    patches: &[TokenStream],
) -> TokenStream {
    let items = frame.plan.items.iter().map(|item| {
        let piece = bytes(item);
        match item {
            Item::Run(_) | Item::Filler(_) => quote!(__mw::Item::run(#piece)),
            Item::Part(index) => {
                let field = &frame.fields[*index];
                let slot = idents::slot(field);
                if field.is_nullable() {
                    return quote!(__mw::Item::or_null(#slot, #piece));
                }
                field.mark().map_or_else(
                    || quote!(__mw::Item::part(#slot, #piece)),
                    |mark| quote!(__mw::Item::ended(#slot, #piece, #mark)?),
                )
            }
        }
    });
    quote! {
        __mw::Rewrite::of(__SHAPE, &[#(#items),*], #id, &[#(#patches),*])
    }
}

/// What is computed in all frames of the declaration: a const of type `Shape`.
pub(in crate::expand) fn shape(frame: &Checked<Frame>) -> TokenStream {
    let (last, lengths, checks, ids) = (last(frame), lengths(frame), checks(frame), ids(frame));
    quote! {
        const __SHAPE: &__mw::Shape = &__mw::Shape {
            max: __MAX,
            last: #last,
            lengths: #lengths,
            checks: #checks,
            ids: #ids,
        };
    }
}

/// The slot of the last field.
fn last(frame: &Checked<Frame>) -> Ident {
    idents::slot(frame.fields.last().unwrap_or(frame.id()))
}

/// The length fields with what they cover, inner ones before those around them.
fn lengths(frame: &Checked<Frame>) -> TokenStream {
    let mut all: Vec<_> = frame
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| match &field.shape {
            // Those of variable width are in their pieces already.
            Shape::Length(length) if !length.int.is_varint() => Some((index, field, length)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(_, _, length)| length.cover.last - length.cover.first);
    let lengths = all.into_iter().map(|(index, field, length)| {
        let (int, slot, item) = (&length.int.ty, idents::slot(field), item(frame, index));
        let (cover, unit) = (cover(frame, length.cover), unit(length));
        let null = length.null().map(|null| {
            let null = Literal::u64_unsuffixed(length.int.pattern(null.into()));
            quote!(.or_null(#null))
        });
        quote!(__mw::Length::of::<#int>(#item, #slot, #cover, #unit) #null)
    });
    quote!(&[#(#lengths),*])
}

/// The checksums with what they cover, those first that others cover.
fn checks(frame: &Checked<Frame>) -> TokenStream {
    let order = frame.checks().unwrap_or_default();
    let checks = order.into_iter().filter_map(|index| {
        let field = &frame.fields[index];
        let Shape::Check(check) = &field.shape else {
            return None;
        };
        let (slot, item) = (idents::slot(field), item(frame, index));
        let computed = summed(&check.algorithm, "COMPUTED");
        let (cut, cover) = (cut(frame, check.cover.last), cover(frame, check.cover));
        Some(quote!(__mw::CheckAt::of(#item, #slot, #cover, #cut, #computed)))
    });
    quote!(&[#(#checks),*])
}

/// The place of the id, if it is a number in a field of fixed width.
fn ids(frame: &Checked<Frame>) -> TokenStream {
    let fields = frame.fields.iter().enumerate();
    let ids = fields.filter_map(|(index, field)| {
        let fixed = field.fixed().filter(|_| field.varint().is_none())?;
        let own = field.has_role(FieldRole::Id) && fixed.int.is_some();
        (own || fixed.id_copy.is_some()).then(|| {
            let (ty, slot, item) = (&field.ty, idents::slot(field), item(frame, index));
            quote!(__mw::IdPlace::of::<#ty>(#item, #slot))
        })
    });
    quote!(&[#(#ids),*])
}

/// The number of the piece that a field is in.
fn item(frame: &Frame, field: usize) -> Literal {
    Literal::usize_unsuffixed(frame.plan.item_of(field))
}

fn cover(frame: &Checked<Frame>, Cover { first, last }: Cover) -> TokenStream {
    let skip = skip(frame, first);
    let last = Literal::usize_unsuffixed(frame.plan.end_of(last));
    let first = item(frame, first);
    quote!(__mw::Cover::of(#first, #skip, #last))
}

/// Bytes of a field's item that are after it.
fn cut(frame: &Checked<Frame>, field: usize) -> TokenStream {
    if frame.plan.ends_item(field) {
        quote!(0)
    } else {
        let size = idents::size(frame.plan.run_of(field));
        let slot = idents::slot(&frame.fields[field]);
        quote!(#size - #slot.end())
    }
}

/// Bytes of a field's item that are before it.
pub(in crate::expand) fn skip(frame: &Checked<Frame>, field: usize) -> TokenStream {
    let field = &frame.fields[field];
    if field.part().is_some() {
        quote!(0)
    } else {
        let slot = idents::slot(field);
        quote!(#slot.at)
    }
}

/// A piece as bytes: of a part that is absent, none.
pub(in crate::expand) fn as_bytes(
    frame: &Checked<Frame>,
    item: &Item,
    piece: TokenStream,
) -> TokenStream {
    match item {
        Item::Part(index) if frame.fields[*index].is_nullable() => {
            quote!(#piece.unwrap_or_default())
        }
        Item::Part(_) | Item::Run(_) | Item::Filler(_) => piece,
    }
}

/// The bytes of a filler, where the pieces before it have these bytes.
pub(in crate::expand) fn filler(
    frame: &Checked<Frame>,
    filler: Filler,
    bytes: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    match filler {
        Filler::Padding(length) => padding(frame, length, bytes),
        Filler::Trailer(field) => {
            let bytes = frame.fields[field].trailer().map(Literal::byte_string);
            bytes.to_token_stream()
        }
    }
}

/// The zeros after what a length covers, whose pieces have these bytes.
fn padding(
    frame: &Checked<Frame>,
    length: usize,
    bytes: impl Fn(&Item) -> TokenStream,
) -> TokenStream {
    let Shape::Length(shape) = &frame.fields[length].shape else {
        return TokenStream::new();
    };
    let plan = &frame.plan;
    let (first, last) = (
        plan.item_of(shape.cover.first),
        plan.item_of(shape.cover.last),
    );
    let pieces = plan.items[first..=last].iter();
    let pieces = pieces.map(|item| as_bytes(frame, item, bytes(item)));
    let (skip, unit) = (skip(frame, shape.cover.first), unit(shape));
    quote!(__mw::padding(&[#(#pieces),*], #skip, #unit))
}
