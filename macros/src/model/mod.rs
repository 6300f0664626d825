//! Meaning: what one declaration says, with names resolved and every field in exactly one shape.
//!
//! Here a field is judged by itself (does the key fit the type?); `check` judges the fields together.

pub(crate) mod codes;
pub(crate) mod constraint;
mod draft;
pub(crate) mod element;
pub(crate) mod entry;
pub(crate) mod extents;
pub(crate) mod field;
mod fit;
pub(crate) mod frame;
mod generics;
pub(crate) mod keys;
pub(crate) mod literal;
pub(crate) mod plan;
pub(crate) mod protocol;
pub(crate) mod record;
mod roles;
pub(crate) mod tags;

// What attributes are read as, for the stages after this one.
pub(crate) use crate::attrs::Given;
pub(crate) use crate::attrs::field::FieldRole;
pub(crate) use crate::attrs::value::Endian;
