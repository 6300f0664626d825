//! `#[frame(…)]` above an enum of codes and on its variants.

use syn::{Attribute, Path};

use super::{Given, read, value};
use crate::errors::Errors;
use crate::names::{CodesKey, VariantKey};

/// What was written above the enum.
#[derive(Debug, Default)]
pub(crate) struct CodesAttrs {
    pub(crate) krate: Option<Given<Path>>,
}

impl CodesAttrs {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = CodesAttrs::default();
        read(attrs, errors, |found, input| match found.key {
            CodesKey::Crate => found.set(&mut all.krate, input, value::path),
        });
        all
    }
}

/// What was written on a variant.
#[derive(Debug, Default)]
pub(crate) struct VariantAttrs {
    pub(crate) other: Option<Given<()>>,
}

impl VariantAttrs {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = VariantAttrs::default();
        read(attrs, errors, |found, input| match found.key {
            VariantKey::Other => found.set(&mut all.other, input, value::none),
        });
        all
    }
}
