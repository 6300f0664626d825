//! The stages in their order, with a gate between them: attributes, model, rules, tokens.

use proc_macro2::TokenStream;
use syn::{Data, DataEnum, DataStruct, DeriveInput, Fields, ItemStruct};

use crate::attrs::codes::CodesSource;
use crate::attrs::frame::FrameSource;
use crate::attrs::protocol::ProtocolSource;
use crate::attrs::record::{RecordSource, VariantsSource};
use crate::errors::{Errors, report};
use crate::model::codes::Codes;
use crate::model::entry::Entry;
use crate::model::frame::Frame;
use crate::model::protocol::Protocol;
use crate::model::record::{Record, Variants};
use crate::{check, expand};

/// What a macro answers: tokens that compile, or replacements for them with the errors.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) tokens: TokenStream,
    pub(crate) errors: Vec<syn::Error>,
}

impl Outcome {
    pub(crate) fn into_tokens(self) -> TokenStream {
        let mut tokens = report(&self.errors);
        tokens.extend(self.tokens);
        tokens
    }
}

/// `#[derive(Frame)]`
pub(crate) fn frame(input: TokenStream) -> Outcome {
    let mut errors = Errors::new();
    let tokens = errors
        .ok(syn::parse2::<DeriveInput>(input))
        .map(|input| match &input.data {
            Data::Enum(data) => codes(&input, data, &mut errors),
            Data::Struct(_) | Data::Union(_) => fields(&input, &mut errors),
        });
    Outcome {
        tokens: tokens.unwrap_or_default(),
        errors: errors.finish(),
    }
}

/// `#[derive(Record)]`
pub(crate) fn record(input: TokenStream) -> Outcome {
    let mut errors = Errors::new();
    let tokens = errors
        .ok(syn::parse2::<DeriveInput>(input))
        .map(|input| match &input.data {
            Data::Enum(data) => variants(&input, data, &mut errors),
            Data::Struct(_) | Data::Union(_) => entries(&input, &mut errors),
        });
    Outcome {
        tokens: tokens.unwrap_or_default(),
        errors: errors.finish(),
    }
}

/// `#[protocol(…)]`
pub(crate) fn protocol(args: TokenStream, item: TokenStream) -> Outcome {
    let mut errors = Errors::new();
    let tokens = if let Ok(item) = syn::parse2::<ItemStruct>(item.clone()) {
        unit(args, &item, &mut errors)
    } else {
        errors.on(
            &item,
            "a protocol is declared on a unit struct: `struct Bolt;`",
        );
        item
    };
    Outcome {
        tokens,
        errors: errors.finish(),
    }
}

fn fields(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let source = FrameSource::read(input, errors);
    if source.attrs.entry.is_some() {
        return match checked(&source, Entry::build, check::entry, errors) {
            Some(entry) => expand::entry(&entry),
            None => expand::fallback::entry(&source),
        };
    }
    match checked(&source, Frame::build, check::frame, errors) {
        Some(frame) => expand::frame(&frame),
        None => expand::fallback::frame(&source),
    }
}

fn codes(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> TokenStream {
    let source = CodesSource::read(input, data, errors);
    match checked(&source, Codes::build, check::codes, errors) {
        Some(codes) => expand::codes(&codes),
        None => expand::fallback::codes(&source),
    }
}

fn entries(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let named = if let Data::Struct(DataStruct {
        fields: Fields::Named(named),
        ..
    }) = &input.data
    {
        Some(named)
    } else {
        errors.on(
            &input.ident,
            "a record is a struct with named fields, or an enum of records",
        );
        None
    };
    let source = RecordSource::read(input, named, errors);
    match checked(
        &source,
        |source, errors| Some(Record::build(source, errors)),
        check::record,
        errors,
    ) {
        Some(record) => expand::record(&record),
        None => expand::fallback::record(input, &source.attrs),
    }
}

fn variants(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> TokenStream {
    let source = VariantsSource::read(input, data, errors);
    match checked(
        &source,
        |source, errors| Some(Variants::build(source, errors)),
        check::variants,
        errors,
    ) {
        Some(variants) => expand::variants(&variants),
        None => expand::fallback::record(input, &source.attrs),
    }
}

fn unit(args: TokenStream, item: &ItemStruct, errors: &mut Errors) -> TokenStream {
    let source = ProtocolSource::read(args, item, errors);
    match checked(&source, Protocol::build, check::protocol, errors) {
        Some(protocol) => expand::protocol(&protocol),
        None => expand::fallback::protocol(&source),
    }
}

/// What has passed the model and the rules: each stage begins if the one before found no mistake.
fn checked<S, M, C>(
    source: &S,
    build: impl FnOnce(&S, &mut Errors) -> Option<M>,
    check: impl FnOnce(M, &mut Errors) -> Option<C>,
    errors: &mut Errors,
) -> Option<C> {
    errors.gate()?;
    let model = build(source, errors)?;
    errors.gate()?;
    check(model, errors)
}
