//! `#[frame(…)]` above an enum of codes and on its variants.

use syn::{Attribute, DataEnum, DeriveInput, Path, Variant};

use super::{Given, read, value};
use crate::errors::Errors;
use crate::names::{CodesKey, VariantKey};

/// An enum of codes, with its attributes and those of its variants read.
#[derive(Debug)]
pub(crate) struct CodesSource<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attrs: CodesAttrs,
    pub(crate) variants: Vec<(&'a Variant, VariantAttrs)>,
}

impl<'a> CodesSource<'a> {
    pub(crate) fn read(input: &'a DeriveInput, data: &'a DataEnum, errors: &mut Errors) -> Self {
        let attrs = CodesAttrs::read(&input.attrs, errors);
        let variants = data.variants.iter();
        let variants =
            variants.map(|variant| (variant, VariantAttrs::read(&variant.attrs, errors)));
        CodesSource {
            input,
            attrs,
            variants: variants.collect(),
        }
    }
}

/// What was written above the enum.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodesAttrs {
    pub(crate) krate: Option<Given<Path>>,
}

impl CodesAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = CodesAttrs::default();
        read(attrs, errors, |found, input| match found.key {
            CodesKey::Crate => found.set(&mut all.krate, input, value::module),
        });
        all
    }
}

/// What was written on a variant.
#[derive(Clone, Debug, Default)]
pub(crate) struct VariantAttrs {
    pub(crate) other: Option<Given<()>>,
}

impl VariantAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = VariantAttrs::default();
        read(attrs, errors, |found, input| match found.key {
            VariantKey::Other => found.set(&mut all.other, input, value::none),
        });
        all
    }
}
