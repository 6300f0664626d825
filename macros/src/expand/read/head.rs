//! The front of a frame: what a host that keeps the bytes itself asks for, where the bytes before the body say
//! all of it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::scan::{self, Walk};
use crate::check::Checked;
use crate::expand::calls::codec_const;
use crate::expand::idents;
use crate::model::FieldRole;
use crate::model::field::{Field, Shape};
use crate::model::frame::Frame;
use crate::model::plan::Item;

/// The scan of the front, and whether there is one; the types of the id's fields decide too, which the compiler
/// knows.
pub(in crate::expand) fn scan(frame: &Checked<Frame>) -> Option<TokenStream> {
    let end = body_item(frame)?;
    let view = idents::view(&frame.ident);
    let walk = Walk(frame);
    let items = 0..frame.plan.items.len();
    let steps = items.map(|item| walk.step(item, item > end));
    let body = frame.body().map(idents::region);
    let body = body.map_or_else(|| quote!(__scan.end()), |region| quote!(#region.start));
    let checks = walk.checks(|index| frame.plan.item_of(index) <= end);
    let (metadata, members) = (scan::metadata(frame), scan::members(frame));
    let (patched, rewritten) = (is_patched(frame, end), is_rewritten(frame, end));
    let is_number = frame.id().fixed().is_some_and(|fixed| fixed.int.is_some());
    let patched = match (patched, is_number) {
        (true, true) => quote!(__mw::IdPlace::are_binary(__SHAPE.ids)),
        (patched, _) => quote!(#patched),
    };
    let later = body_codec(frame).map(|codec| codec_const(codec, "TAKES_ALL"));
    let patched = match &later {
        Some(later) => quote!(#later && #patched),
        None => patched,
    };
    let lean = if rewritten {
        quote!(true)
    } else {
        quote!(Self::PATCHED)
    };
    let is_later = later.map(|later| quote!(const LATER: __mw::bool = #later;));
    let and_later = is_later.is_some().then(|| quote!(.and_later()));
    Some(quote! {
        #is_later
        const LEAN: __mw::bool = #lean;
        const PATCHED: __mw::bool = #patched;
        const REWRITTEN: __mw::bool = #rewritten;
        #[inline]
        fn scan_head(__bytes: &[__mw::u8]) -> __mw::Result<__mw::Head<#view<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            #(#steps)*
            let __body = #body;
            let __raw = __scan.settle_head(__body)?;
            #checks
            #metadata
            __mw::Ok(__scan.front(#view { __raw, #members }, __body) #and_later)
        }
    })
}

/// The places of the id, as a host patches them.
pub(in crate::expand) fn id_places(frame: &Checked<Frame>) -> Option<TokenStream> {
    let end = body_item(frame)?;
    if !is_patched(frame, end) {
        return None;
    }
    let ids = ids(frame).map(|(index, field)| {
        let (run, slot) = (idents::run(frame.plan.run_of(index)), idents::slot(field));
        quote!(__place(__mw::place_in(self.__raw, &self.#run[..], #slot), #slot);)
    });
    let ids = quote!(#(#ids)*);
    let view_of = &frame.ident;
    Some(quote! {
        fn id_places(&self, __place: &mut dyn __mw::FnMut(__mw::usize, &'static __mw::Slot)) {
            if <#view_of as __mw::Frame>::PATCHED {
                #ids
            }
        }
    })
}

/// The front written again with edits.
pub(in crate::expand) fn rewrite(frame: &Checked<Frame>) -> Option<TokenStream> {
    if !rewrites_head(frame) {
        return None;
    }
    // What it has no place for cannot be written.
    let no_body = frame.body().is_none().then(|| quote!(__body == 0 &&));
    Some(quote! {
        fn rewrite_head(
            &self,
            __edits: &__mw::Edits<'_>,
            __body: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::bool {
            #no_body self.__edited(__edits, __body, __out).is_ok()
        }
    })
}

/// Whether the function that writes a kept frame with edits can write its front alone.
pub(in crate::expand) fn rewrites_head(frame: &Checked<Frame>) -> bool {
    body_item(frame).is_some_and(|end| is_rewritten(frame, end))
}

/// Whether there is such a scan, as far as the declaration says.
pub(in crate::expand) fn is_lean(frame: &Checked<Frame>) -> bool {
    body_item(frame).is_some_and(|end| is_patched(frame, end) || is_rewritten(frame, end))
}

/// The item that is the body, or the last one of a frame without a body, if what a host has to know is before
/// it: nothing is read of the body, and after it there are at most checksums that only some frames have.
fn body_item(frame: &Checked<Frame>) -> Option<usize> {
    let plan = &frame.plan;
    let body = frame.roles.body;
    let end = body.map_or(plan.items.len() - 1, |body| plan.item_of(body));
    let unread = body.is_none_or(|body| {
        let field = &frame.fields[body];
        let read = [FieldRole::Kind, FieldRole::Id, FieldRole::Status];
        field.mark().is_none()
            && field.header.is_none()
            && !(field.codec().is_some() && read.iter().any(|role| field.has_role(*role)))
            && !frame.says_kind(body)
    });
    let summed = frame.fields.iter().enumerate().all(|(index, field)| {
        let Shape::Check(check) = &field.shape else {
            return true;
        };
        // One before the body can be of what is before it.
        plan.item_of(index) > end || body.is_none() || plan.item_of(check.cover.last) < end
    });
    let after = plan.items.iter().skip(end + 1).all(|item| match item {
        Item::Run(run) => {
            let mut fields = run.fields.iter();
            run.conditional && fields.all(|field| frame.fields[*field].shape.check().is_some())
        }
        Item::Part(_) | Item::Filler(_) => false,
    });
    (unread && summed && after).then_some(end)
}

/// The payload codec that reads the body.
fn body_codec(frame: &Checked<Frame>) -> Option<&Type> {
    frame.body()?.codec()
}

/// Whether another id is written by changing the bytes of its fields, as far as the declaration says: nothing in the
/// front depends on them.
fn is_patched(frame: &Checked<Frame>, end: usize) -> bool {
    let places = ids(frame).count();
    let fixed = ids(frame).all(|(index, field)| {
        // One that is no number is in one place.
        let own = field
            .fixed()
            .map(|fixed| fixed.int.is_some() || places == 1);
        own == Some(true) && field.varint().is_none() && !frame.plan.run_of(index).conditional
    });
    let unsummed = frame.fields.iter().enumerate().all(|(index, field)| {
        let is_check = matches!(field.shape, Shape::Check(_));
        !is_check || frame.plan.item_of(index) > end
    });
    fixed && unsummed
}

/// Whether the front can be written without the body: that is counted by lengths of fixed width alone.
fn is_rewritten(frame: &Checked<Frame>, end: usize) -> bool {
    let conditional = ids(frame)
        .any(|(index, field)| field.part().is_none() && frame.plan.run_of(index).conditional);
    let counted = frame.fields.iter().all(|field| match &field.shape {
        Shape::Length(length) if length.int.is_varint() => {
            frame.body().is_none() || frame.plan.end_of(length.cover.last) < end
        }
        _ => true,
    });
    body_codec(frame).is_none() && !conditional && counted
}

/// The fields that hold the id.
fn ids(frame: &Checked<Frame>) -> impl Iterator<Item = (usize, &Field)> {
    let fields = frame.fields.iter().enumerate();
    fields.filter(|(_, field)| {
        let copy = field.fixed().is_some_and(|fixed| fixed.id_copy.is_some());
        field.has_role(FieldRole::Id) || copy
    })
}
