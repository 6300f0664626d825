//! The rules that hold between the parts of a declaration.
//!
//! One function per rule, a paragraph above it that states the rule, a UI test named after the mistake.
//! Only this module can make a `Checked`, and `expand` takes nothing else.

mod codes;
mod conditional;
mod constraints;
mod covers;
mod entry;
mod headers;
mod inputs;
mod layout;
mod literals;
mod nullable;
mod protocol;
mod record;
mod roles;
mod tags;
mod values;

use std::ops::Deref;

use crate::errors::Errors;
use crate::model::codes::Codes;
use crate::model::entry::Entry;
use crate::model::frame::Frame;
use crate::model::protocol::Protocol;
use crate::model::record::{Record, Variants};

/// A model that obeys every rule.
#[derive(Debug)]
pub(crate) struct Checked<T>(T);

impl<T> Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

pub(crate) fn frame(frame: Frame, errors: &mut Errors) -> Option<Checked<Frame>> {
    layout::check(&frame, errors);
    covers::check(&frame, errors);
    nullable::check(&frame, errors);
    conditional::check(&frame, errors);
    roles::check(&frame, errors);
    headers::check(&frame, errors);
    inputs::check(&frame, errors);
    values::check(&frame, errors);
    constraints::check(&frame, errors);
    errors.gate()?;
    Some(Checked(frame))
}

pub(crate) fn entry(entry: Entry, errors: &mut Errors) -> Option<Checked<Entry>> {
    entry::check(&entry, errors);
    errors.gate()?;
    Some(Checked(entry))
}

pub(crate) fn codes(codes: Codes, errors: &mut Errors) -> Option<Checked<Codes>> {
    codes::check(&codes, errors);
    errors.gate()?;
    Some(Checked(codes))
}

pub(crate) fn record(record: Record, errors: &mut Errors) -> Option<Checked<Record>> {
    record::check(&record, errors);
    errors.gate()?;
    Some(Checked(record))
}

pub(crate) fn variants(variants: Variants, errors: &mut Errors) -> Option<Checked<Variants>> {
    record::check_variants(&variants, errors);
    errors.gate()?;
    Some(Checked(variants))
}

pub(crate) fn protocol(protocol: Protocol, errors: &mut Errors) -> Option<Checked<Protocol>> {
    protocol::check(&protocol, errors);
    errors.gate()?;
    Some(Checked(protocol))
}
