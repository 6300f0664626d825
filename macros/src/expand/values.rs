//! The values that a declaration names, each as a const of its field's type: a wrong one is one error, at
//! its token, however often the expansion needs it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, PathSegment, Type};

use super::calls::{located, place, wire, wire_fn};
use super::idents;
use super::slots::order;
use crate::check::Checked;
use crate::model::constraint::Constraint;
use crate::model::element::{self, Int};
use crate::model::field::{Field, Fixed, Shape, Start, Value};
use crate::model::frame::Frame;
use crate::model::literal;
use crate::model::plan::bits;
use crate::model::tags::Tags;

/// The consts of all fields.
pub(super) fn consts(frame: &Checked<Frame>) -> TokenStream {
    let consts = frame.fields.iter().map(|field| {
        let values = named(frame, field).into_iter().enumerate();
        let values = values.map(|(number, value)| {
            let (name, ty, value) = (idents::value(field, number), ty(field), made(field, value));
            quote! { const #name: #ty = #value; }
        });
        let identifying = field.fixed().and_then(|fixed| fixed.value.identifying());
        let all = identifying.map(|_| {
            let (name, ty, all) = (idents::values(field), &field.ty, declared(frame, field));
            quote! { const #name: &[#ty] = &[#(#all),*]; }
        });
        let ranges = tags(field).map(|tags| {
            let (name, ranges) = (idents::values(field), ranges(frame, field, tags));
            quote! { const #name: &[(__mw::u64, __mw::u64)] = #ranges; }
        });
        quote! { #(#values)* #all #ranges }
    });
    consts.collect()
}

/// The const of a value of a field.
pub(super) fn of(frame: &Checked<Frame>, field: &Field, value: &Expr) -> Ident {
    let mut named = named(frame, field).into_iter();
    let number = named.position(|other| literal::same(other, value));
    idents::value(field, number.unwrap_or_default())
}

/// The consts of the values of a magic or a tag, or of a default.
pub(super) fn declared(frame: &Checked<Frame>, field: &Field) -> Vec<Ident> {
    let values = field.fixed().map_or(&[][..], |fixed| fixed.value.all());
    values.iter().map(|value| of(frame, field, value)).collect()
}

/// What a fixed field starts from.
pub(super) fn initial(frame: &Checked<Frame>, field: &Field) -> TokenStream {
    let first = declared(frame, field).into_iter().next();
    // What is no integer may be an id of bytes or a text, and is its own bits too.
    first.map_or_else(|| quote!(__mw::Bits::ZERO), |first| quote!(#first))
}

/// The values that the declaration names of a field, each once.
fn named<'f>(frame: &'f Frame, field: &'f Field) -> Vec<&'f Expr> {
    let own = field.fixed().map_or(&[][..], |fixed| fixed.value.all());
    let lists = [
        &frame.response,
        &frame.heartbeat,
        &frame.heartbeat_ack,
        &frame.oneway,
        &frame.verbatim,
        &frame.local,
    ];
    let lists = lists.into_iter().flatten();
    let conditions = frame.fields.iter().filter_map(|field| field.when.as_ref());
    let constraints = lists.chain(conditions).flat_map(|list| &list.value);
    let listed = constraints
        .filter(|constraint| frame.fields[constraint.field].ident == field.ident)
        .flat_map(|constraint| &constraint.values);
    let mut all: Vec<&Expr> = Vec::new();
    for value in own.iter().chain(listed) {
        if !all.iter().any(|other| literal::same(other, value)) {
            all.push(value);
        }
    }
    all
}

fn ty(field: &Field) -> TokenStream {
    if field.part().is_some() {
        quote!(&[__mw::u8])
    } else {
        let ty = &field.ty;
        quote!(#ty)
    }
}

/// A literal as a value of its field; all else as it was written.
fn made(field: &Field, value: &Expr) -> TokenStream {
    let as_written = quote!(#value);
    match &field.shape {
        Shape::Fixed(Fixed { int: Some(int), .. }) if int.is_primitive() => as_written,
        Shape::Fixed(fixed) => {
            let number = fixed.int.is_some() || fixed.start == Start::Unknown;
            match (literal::integer(value), literal::bytes(value)) {
                (Some(integer), _) if number => of_number(field, value, integer),
                (_, Some(bytes)) => of_bytes(field, fixed.start, value, &bytes),
                _ => as_written,
            }
        }
        Shape::Part(_) => match literal::bytes(value) {
            Some(bytes) => {
                let mut literal = Literal::byte_string(&bytes);
                literal.set_span(value.span());
                quote!(#literal)
            }
            None => as_written,
        },
        Shape::Length(_) | Shape::Check(_) => as_written,
    }
}

fn of_number(field: &Field, value: &Expr, integer: i128) -> TokenStream {
    let ty = located(field.ty.to_token_stream(), value.span());
    let number = Literal::i128_unsuffixed(integer);
    let message = format!(
        "`{}` does not fit into `{}`",
        literal::text(value),
        field.name()
    );
    quote_spanned! {place(value)=>
        match <#ty as __mw::Number<{ #number }>>::VALUE {
            __mw::Some(__value) => __value,
            __mw::None => __mw::misfit(#message),
        }
    }
}

fn of_bytes(field: &Field, start: Start, value: &Expr, bytes: &[u8]) -> TokenStream {
    let mut literal = Literal::byte_string(bytes);
    literal.set_span(value.span());
    let message = format!(
        "`{}` does not fit into `{}`",
        literal::text(value),
        field.name()
    );
    match (start, element::width(&field.ty)) {
        (Start::Text, _) => quote_spanned!(place(value)=> __mw::padded(#literal, #message)),
        (Start::Bytes, None) => quote_spanned!(place(value)=> __mw::exactly(#literal, #message)),
        (Start::Bytes | Start::Unknown, _) => quote_spanned!(place(value)=> *#literal),
    }
}

/// The bit patterns of the values of a magic or a tag: none, if one of them is only known to the compiler.
pub(super) fn patterns(frame: &Checked<Frame>, field: &Field) -> Option<TokenStream> {
    let values = field.fixed()?.value.identifying()?;
    let patterns = values.iter().map(|value| pattern(frame, field, value));
    if let Some(patterns) = patterns.collect::<Option<Vec<_>>>() {
        return Some(quote!(&[#(#patterns),*]));
    }
    let names = values.iter().map(|value| code(field, value));
    let (all, names) = (wire(field, "NAMED"), names.collect::<Option<Vec<_>>>()?);
    Some(quote!(__mw::listed(&const { __mw::codes(#all, [#(#names),*]) })))
}

/// The ranges of a tag.
pub(super) fn tags(field: &Field) -> Option<&Tags> {
    match &field.fixed()?.value {
        Value::Ranges(tags) => Some(tags),
        Value::Any | Value::Magic(_) | Value::Tag(_) | Value::Default(_) => None,
    }
}

/// The bit patterns of the values that a tag allows, as ranges.
fn ranges(frame: &Checked<Frame>, field: &Field, tags: &Tags) -> TokenStream {
    let end = |value: &Expr| {
        let name = of(frame, field, value);
        let int = field.fixed().and_then(|fixed| fixed.int.as_ref());
        let number = int.and_then(|int| int_pattern(int, &name));
        number.unwrap_or_else(|| {
            let named = wire(field, "NAMED");
            if let Some(code) = code(field, value) {
                quote_spanned!(place(value)=> __mw::code_named(#named, #code))
            } else {
                quote_spanned!(place(value)=> #name as __mw::u64)
            }
        })
    };
    let ends = tags
        .ranges()
        .map(|(first, last)| (end(first), end(last)))
        .map(|(first, last)| quote!((#first, #last)));
    let ends: Vec<_> = ends.collect();
    if !tags.not {
        return quote!(&[#(#ends),*]);
    }
    let (some, left) = (ends.len(), ends.len() + 1);
    let bits = bits(field).map_or_else(|| wire(field, "HOLDS"), |bits| quote!(#bits));
    quote!(__mw::some_ranges(&const { __mw::ranges_without::<#some, #left>([#(#ends),*], #bits) }))
}

/// The bit patterns of the values of a condition.
pub(super) fn conditions(frame: &Checked<Frame>, constraint: &Constraint) -> TokenStream {
    let field = &frame.fields[constraint.field];
    let values = constraint.values.iter().map(|value| {
        if let Some(pattern) = pattern(frame, field, value) {
            return pattern;
        }
        if let Some(name) = code(field, value) {
            let named = wire(field, "NAMED");
            return quote_spanned!(place(value)=> __mw::code_named(#named, #name));
        }
        let name = of(frame, field, value);
        quote_spanned!(place(value)=> #name as __mw::u64)
    });
    quote!(&[#(#values),*])
}

/// The bit pattern of a value; `None` if its field is of a type that only the compiler knows.
fn pattern(frame: &Checked<Frame>, field: &Field, value: &Expr) -> Option<TokenStream> {
    let fixed = field.fixed()?;
    if let Some(number) = literal::integer(value) {
        let pattern = match &fixed.int {
            Some(int) => int.pattern(number),
            None => u64::try_from(number).ok()?,
        };
        let pattern = Literal::u64_unsuffixed(pattern);
        return Some(quote!(#pattern));
    }
    let name = of(frame, field, value);
    let endian = order(fixed.endian);
    match (&fixed.int, fixed.start) {
        (Some(int), _) => int_pattern(int, &name),
        (None, Start::Bytes) => Some(quote!(__mw::pattern(&#name, #endian))),
        (None, Start::Text) => Some(quote!(__mw::pattern(#name.as_bytes(), #endian))),
        (None, Start::Unknown) => None,
    }
}

/// The bit pattern of a constant of an integer.
fn int_pattern(int: &Int, name: &Ident) -> Option<TokenStream> {
    if int.is_primitive() {
        let unsigned = format_ident!("{}", int.ident.to_string().replace('i', "u"));
        Some(quote!(#name as __mw::#unsigned as __mw::u64))
    } else if int.is_varint() {
        None
    } else if int.is_decimal() {
        Some(quote!(__mw::decimal(#name.as_bytes())))
    } else {
        Some(quote!(#name.get() as __mw::u64))
    }
}

/// The name of a code, where a value is one of the enum that its field has for a type.
fn code(field: &Field, value: &Expr) -> Option<String> {
    let Expr::Path(ExprPath {
        path, qself: None, ..
    }) = value
    else {
        return None;
    };
    let mut segments = path.segments.iter().rev();
    let (code, of) = (segments.next()?, segments.next()?);
    let ty = match &field.ty {
        Type::Path(ty) => ty.path.segments.last(),
        _ => None,
    };
    let same = ty.is_some_and(|ty: &PathSegment| ty.ident == of.ident);
    same.then(|| code.ident.to_string())
}

/// Whether a field that is not in every frame is in this owned one.
pub(super) fn present_in(
    frame: &Checked<Frame>,
    field: &Field,
    owner: &TokenStream,
) -> TokenStream {
    present(field, |index, value| owned_is(frame, index, value, owner))
}

/// Whether a field of an owned frame has a value.
pub(super) fn owned_is(
    frame: &Checked<Frame>,
    index: usize,
    value: &Expr,
    owner: &TokenStream,
) -> TokenStream {
    let other = &frame.fields[index];
    let (name, value) = (&other.ident, of(frame, other, value));
    let same = wire_fn(other, "same");
    quote!(#same(&#owner.#name, &#value))
}

/// Whether a field of the front of a view has a value.
pub(super) fn kept_is(frame: &Checked<Frame>, index: usize, value: &Expr) -> TokenStream {
    let other = &frame.fields[index];
    let (is, slot) = (wire_fn(other, "is"), idents::slot(other));
    let run = idents::run(frame.plan.run_of(index));
    let value = of(frame, other, value);
    quote!(#is(self.#run, #slot, &#value))
}

/// Whether a field that is not in every frame is in this one, where `has` is whether another field has a
/// value.
pub(super) fn present(field: &Field, has: impl Fn(usize, &Expr) -> TokenStream) -> TokenStream {
    let all = field.when.iter().flat_map(|given| &given.value);
    let all = all.map(|constraint| {
        let any = constraint.values.iter();
        let any = any.map(|value| has(constraint.field, value));
        quote!((#(#any)||*))
    });
    quote!(#(#all)&&*)
}
