//! The front of a frame: what a host that keeps the bytes itself asks for, where the bytes before the body say
//! all of it.

use proc_macro2::TokenStream;
use quote::quote;

use super::scan::{self, Walk};
use crate::check::Checked;
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
    let members = scan::members(frame);
    Some(quote! {
        const LEAN: __mw::bool = __mw::IdPlace::are_binary(__SHAPE.ids);
        #[inline]
        fn scan_head(__bytes: &[__mw::u8]) -> __mw::Result<__mw::Head<#view<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            #(#steps)*
            let __body = #body;
            let __raw = __scan.settle_head(__body)?;
            __mw::Ok(__scan.front(#view { __raw, #members }, __body))
        }
    })
}

/// The places of the id, as a host patches them.
pub(in crate::expand) fn id_places(frame: &Checked<Frame>) -> Option<TokenStream> {
    body_item(frame)?;
    let ids = ids(frame).map(|(index, field)| {
        let (run, slot) = (idents::run(frame.plan.run_of(index)), idents::slot(field));
        quote!(__place(__mw::place_in(self.__raw, &self.#run[..], #slot), #slot);)
    });
    Some(quote! {
        fn id_places(&self, __place: &mut dyn __mw::FnMut(__mw::usize, &'static __mw::Slot)) {
            #(#ids)*
        }
    })
}

/// Whether there is such a scan, as far as the declaration says.
pub(in crate::expand) fn is_lean(frame: &Checked<Frame>) -> bool {
    body_item(frame).is_some()
}

/// The item that is the body, or the last one of a frame without a body, if what a host has to know is before
/// it: nothing is read of the body, and after it there are at most checksums that only some frames have.
fn body_item(frame: &Checked<Frame>) -> Option<usize> {
    let plan = &frame.plan;
    let body = frame.roles.body;
    let end = body.map_or(plan.items.len() - 1, |body| plan.item_of(body));
    let numeric = ids(frame).all(|(index, field)| {
        field.fixed().is_some_and(|fixed| fixed.int.is_some())
            && field.varint().is_none()
            && !plan.run_of(index).conditional
    });
    let unread = body.is_none_or(|body| {
        let field = &frame.fields[body];
        field.mark().is_none() && field.header.is_none() && !frame.says_kind(body)
    });
    let no_codec = frame.parts().all(|(field, _)| field.codec().is_none());
    let unsummed = frame.fields.iter().enumerate().all(|(index, field)| {
        let is_check = matches!(field.shape, Shape::Check(_));
        !is_check || plan.item_of(index) > end
    });
    let after = plan.items.iter().skip(end + 1).all(|item| match item {
        Item::Run(run) => {
            let mut fields = run.fields.iter();
            run.conditional && fields.all(|field| frame.fields[*field].shape.check().is_some())
        }
        Item::Part(_) | Item::Filler(_) => false,
    });
    (numeric && unread && no_codec && unsummed && after).then_some(end)
}

/// The fields that hold the id.
fn ids(frame: &Checked<Frame>) -> impl Iterator<Item = (usize, &Field)> {
    let fields = frame.fields.iter().enumerate();
    fields.filter(|(_, field)| {
        let copy = field.fixed().is_some_and(|fixed| fixed.id_copy.is_some());
        field.has_role(FieldRole::Id) || copy
    })
}
