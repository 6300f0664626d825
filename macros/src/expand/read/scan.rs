//! The incremental frame scanner: the frame's extent from its lengths, one call per field in the order of the wire.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::check::Checked;
use crate::expand::calls::{codec_call, place, summed, wire, wire_fn};
use crate::expand::slots::unit;
use crate::expand::values::present;
use crate::expand::{idents, inputs, values};
use crate::model::extents::Cover;
use crate::model::field::{Check, Field, Fixed, Length, Shape, Start, Value};
use crate::model::frame::Frame;
use crate::model::plan::{Item, Run};

pub(in crate::expand) fn scan(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let walk = Walk(frame);
    let steps = (0..frame.plan.items.len()).map(|item| walk.step(item, false));
    let checks = walk.checks(|_| true);
    let (metadata, members) = (metadata(frame), members(frame));
    quote! {
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<#view<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            #(#steps)*
            let __raw = __scan.settle()?;
            #checks
            #metadata
            __mw::Ok(#view { __raw, #members })
        }
    }
}

/// What the payload codecs of parts say of them.
pub(super) fn metadata(frame: &Checked<Frame>) -> TokenStream {
    let metadata = frame.parts().filter_map(|(field, _)| {
        let (codec, metadata) = (field.codec()?, idents::metadata(field));
        let (region, slot) = (idents::region(field), idents::slot(field));
        let inputs = inputs::kept(frame, field, |run| run)?;
        let args = quote!(__raw, __mw::region(__raw, #region.start..#region.end), #slot, #inputs);
        let call = codec_call(codec, "decode_metadata", &args);
        Some(quote!(let #metadata = #call?;))
    });
    metadata.collect()
}

/// What a view holds beside the bytes of the frame.
pub(super) fn members(frame: &Checked<Frame>) -> TokenStream {
    let runs = frame.plan.runs().map(idents::run);
    let metadata = frame.parts().filter_map(|(field, _)| {
        field.codec()?;
        Some(idents::metadata(field))
    });
    let parts = frame.parts().map(|(field, _)| {
        let (name, region) = (&field.ident, idents::region(field));
        if field.is_nullable() {
            let there = idents::there(field);
            quote!(#name: __mw::region_or_null(__raw, #region, #there))
        } else {
            quote!(#name: __mw::region(__raw, #region))
        }
    });
    quote!(#(#runs,)* #(#metadata,)* #(#parts,)*)
}

/// The walk over the pieces of a frame.
pub(super) struct Walk<'f>(pub(super) &'f Checked<Frame>);

impl Walk<'_> {
    /// One piece of the frame, with the lengths that begin or end to hold with it. One that is `sealed` is
    /// claimed and not read.
    pub(super) fn step(&self, item: usize, sealed: bool) -> TokenStream {
        let before = self.opening(item, false);
        let read = match &self.0.plan.items[item] {
            Item::Run(run) => self.run(run, sealed),
            Item::Part(index) => self.part(*index),
            // It belongs to the part before it.
            Item::Filler(_) => TokenStream::new(),
        };
        let after = self.opening(item, true);
        let closed = self.closing(item);
        quote! { #before #read #after #closed }
    }

    fn run(&self, run: &Run, sealed: bool) -> TokenStream {
        let fields: Vec<&Field> = run
            .fields
            .iter()
            .map(|index| &self.0.fields[*index])
            .collect();
        let (name, size) = (idents::run(run), idents::size(run));
        let read = if run.number == 0 {
            quote!(let #name = __scan.head::<#size>()?;)
        } else {
            let (base, first) = (idents::base(run), idents::slot(fields[0]));
            let call = if let Some(int) = fields[0].varint() {
                let ty = &int.ty;
                quote!(__scan.varint::<#ty>(#first)?)
            } else if run.conditional {
                let present = self.present(fields[0]);
                let call = if sealed { quote!(seal) } else { quote!(run_if) };
                quote!(__scan.#call::<#size>(#present, #first)?)
            } else {
                quote!(__scan.run::<#size>(#first)?)
            };
            quote! {
                let #base = __scan.end();
                let #name = #call;
            }
        };
        let checks = fields.iter().filter_map(|field| {
            let fixed = field.fixed()?;
            checked(field, fixed, run)
        });
        quote! { #read #(#checks)* }
    }

    /// Whether a field that is not in every frame is in this one.
    fn present(&self, field: &Field) -> TokenStream {
        present(field, |index, value| {
            let other = &self.0.fields[index];
            let (is, slot) = (wire_fn(other, "is"), idents::slot(other));
            let run = idents::run(self.0.plan.run_of(index));
            let value = values::of(self.0, other, value);
            quote!(#is(#run, #slot, &#value))
        })
    }

    fn part(&self, index: usize) -> TokenStream {
        let field = &self.0.fields[index];
        let (slot, region) = (idents::slot(field), idents::region(field));
        if let Some(mark) = field.mark() {
            return quote!(let #region = __scan.until(#slot, #mark)?;);
        }
        let own = field.part().and_then(|part| part.length);
        if let Some((length, Shape::Length(shape))) =
            own.map(|length| (length, &self.0.fields[length].shape))
        {
            let (int, base) = (&shape.int.ty, idents::base(self.0.plan.run_of(length)));
            if let Some(null) = shape.null() {
                let (null, there) = (Literal::i64_unsuffixed(null), idents::there(field));
                return quote! {
                    let (#region, #there) = __scan.part_or_null::<#int>(#base, #slot, #null);
                };
            }
            let run = self.0.plan.run_of(length);
            if run.conditional {
                let run = idents::run(run);
                return quote! {
                    let #region = __scan.part_if::<#int>(!#run.is_empty(), #base, #slot);
                };
            }
            quote!(let #region = __scan.part::<#int>(#base, #slot);)
        } else {
            let after = self.after(index);
            quote!(let #region = __scan.rest(#slot, #after)?;)
        }
    }

    /// Bytes of the fixed fields that follow a part in what the innermost length around it covers.
    fn after(&self, index: usize) -> TokenStream {
        let (from, last) = (
            self.0.plan.item_of(index) + 1,
            self.0.around(index).map_or(index, |cover| cover.last),
        );
        let items = from..=self.0.plan.item_of(last);
        let sizes: Vec<_> = items
            .filter_map(|item| match &self.0.plan.items[item] {
                Item::Run(run) => {
                    let size = idents::size(run).into_token_stream();
                    let there = run
                        .conditional
                        .then(|| self.present(&self.0.fields[run.fields[0]]));
                    Some(there.map_or(size.clone(), |there| quote!(if #there { #size } else { 0 })))
                }
                Item::Part(_) | Item::Filler(_) => None,
            })
            .collect();
        if sizes.is_empty() {
            quote!(0)
        } else {
            quote!(#((#sizes))+*)
        }
    }

    /// The lengths that cover more than one part, the outer ones first.
    fn covering(&self) -> Vec<(usize, &Field, &Length)> {
        let mut all: Vec<_> = self
            .0
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| match &field.shape {
                Shape::Length(length) if !self.is_own(index, length) => {
                    Some((index, field, length))
                }
                _ => None,
            })
            .collect();
        all.sort_by_key(|(_, _, length)| {
            let Cover { first, last } = length.cover;
            (core::cmp::Reverse(last), first)
        });
        all
    }

    fn is_own(&self, index: usize, length: &Length) -> bool {
        let part = self.0.fields[length.cover.first].part();
        part.is_some_and(|part| part.length == Some(index))
    }

    /// Reads the lengths that apply from before an item, or after it.
    fn opening(&self, item: usize, after: bool) -> TokenStream {
        let all = self.covering().into_iter();
        let here = all
            .filter(|(index, _, length)| self.0.plan.opening(*index, length) == (item, after))
            .map(|(index, field, length)| self.open(index, field, length));
        here.collect()
    }

    fn open(&self, index: usize, field: &Field, length: &Length) -> TokenStream {
        let plan = &self.0.plan;
        let (start, outer, slot) = (
            idents::start(field),
            idents::outer(field),
            idents::slot(field),
        );
        let (int, base) = (&length.int.ty, idents::base(plan.run_of(index)));
        let place = self.start(index, length);
        let unit = unit(length);
        let whole = length.cover.last + 1 == self.0.fields.len();
        quote! {
            let #start = #place;
            let #outer = __scan.open::<#int>(#base, #slot, #start, #unit, #whole)?;
        }
    }

    /// Where what a length covers begins, when it begins to hold.
    fn start(&self, index: usize, length: &Length) -> TokenStream {
        let plan = &self.0.plan;
        let first = &self.0.fields[length.cover.first];
        let before = !plan.opening(index, length).1;
        if before && (first.part().is_some() || first.varint().is_some()) {
            return quote!(__scan.end());
        }
        let (run, at) = (plan.run_of(length.cover.first), idents::slot(first));
        if before {
            quote!(__scan.end() + #at.at)
        } else if run.number == 0 {
            quote!(#at.at)
        } else {
            let base = idents::base(run);
            quote!(#base + #at.at)
        }
    }

    /// Ends the lengths that hold up to this item, the inner ones first.
    fn closing(&self, item: usize) -> TokenStream {
        let plan = &self.0.plan;
        let ended = self.covering().into_iter().rev();
        let ended = ended.filter(|(_, _, length)| plan.item_of(length.cover.last) == item);
        let ended = ended.map(|(index, field, _)| {
            let (start, outer) = (idents::start(field), idents::outer(field));
            let (slot, base) = (idents::slot(field), idents::base(plan.run_of(index)));
            quote!(__scan.close(#outer, #base, #slot, #start)?;)
        });
        ended.collect()
    }

    /// That the checksums are right, of those fields.
    pub(super) fn checks(&self, of: impl Fn(usize) -> bool) -> TokenStream {
        let fields = self.0.fields.iter().enumerate();
        let checks = fields.filter_map(|(index, field)| match &field.shape {
            Shape::Check(check) if of(index) => Some(self.verify(field, check)),
            _ => None,
        });
        checks.collect()
    }

    fn verify(&self, field: &Field, check: &Check) -> TokenStream {
        let plan = &self.0.plan;
        let index = self
            .0
            .fields
            .iter()
            .position(|other| other.ident == field.ident);
        let run = idents::run(plan.run_of(index.unwrap_or_default()));
        let (slot, verify) = (idents::slot(field), summed(&check.algorithm, "verify"));
        let Cover { first, last } = check.cover;
        let start = match &plan.items[plan.item_of(first)] {
            Item::Run(run) => {
                let (base, at) = (idents::base(run), idents::slot(&self.0.fields[first]));
                quote!(#base + #at.at)
            }
            Item::Part(part) => {
                let region = idents::region(&self.0.fields[*part]);
                quote!(#region.start)
            }
            Item::Filler(_) => quote!(0),
        };
        let end = match &plan.items[plan.item_of(last)] {
            Item::Run(run) if plan.ends_item(last) => {
                let (base, name) = (idents::base(run), idents::run(run));
                quote!(#base + #name.len())
            }
            Item::Run(run) => {
                let (base, at) = (idents::base(run), idents::slot(&self.0.fields[last]));
                quote!(#base + #at.end())
            }
            Item::Part(part) => {
                let region = idents::region(&self.0.fields[*part]);
                let trailer = self.0.fields[*part].trailer().map(|trailer| {
                    let len = trailer.len();
                    quote!(+ #len)
                });
                quote!(#region.end #trailer)
            }
            Item::Filler(_) => quote!(0),
        };
        let call = quote_spanned! {place(&check.algorithm)=>
            #verify(__raw, #run, #slot, #start..#end)
        };
        quote!(#call?;)
    }
}

/// A value that its type may reject, or a constant after the fixed part.
fn checked(field: &Field, fixed: &Fixed, run: &Run) -> Option<TokenStream> {
    let (slot, name) = (idents::slot(field), idents::run(run));
    let call = match &fixed.value {
        Value::Magic(_) | Value::Tag(_) | Value::Ranges(_) if run.number == 0 => return None,
        Value::Magic(_) | Value::Tag(_) => {
            let (values, expect) = (idents::values(field), wire_fn(field, "expect"));
            quote!(#expect(__bytes, #name, #slot, #values)?)
        }
        Value::Ranges(_) => {
            let (ranges, expect) = (idents::values(field), wire(field, "expect_within"));
            quote!(#expect(__bytes, #name, #slot, #ranges)?)
        }
        _ if !may_be_unknown(field, fixed) => return None,
        _ => {
            let known = wire(field, "known");
            quote!(#known(__bytes, #name, #slot)?)
        }
    };
    Some(if run.conditional {
        quote!(if !#name.is_empty() { #call; })
    } else {
        quote!(#call;)
    })
}

/// Integers, texts and byte arrays know every value, and tags have been compared already.
fn may_be_unknown(field: &Field, fixed: &Fixed) -> bool {
    let compared = matches!(fixed.value, Value::Magic(_) | Value::Tag(_));
    !compared && fixed.start == Start::Unknown && !matches!(field.ty, Type::Array(_))
}
