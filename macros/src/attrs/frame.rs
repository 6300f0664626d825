//! `#[frame(…)]` above the struct of a frame.

use syn::{Attribute, Data, DataStruct, DeriveInput, Expr, Fields, Path};

use super::field::FieldSource;
use super::value::{self, Endian, Equation, Word};
use super::{Given, read};
use crate::errors::Errors;
use crate::names::FrameKey;

/// `from = …`: who sends the frames, where their bytes do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sender;

impl Word for Sender {
    const WORDS: &'static [(&'static str, Self)] = &[("server", Sender)];
}

/// The struct of a frame, with its attributes and those of its fields read.
#[derive(Debug)]
pub(crate) struct FrameSource<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attrs: FrameAttrs,
    /// `None` if its fields have no names.
    pub(crate) fields: Option<Vec<FieldSource<'a>>>,
}

impl<'a> FrameSource<'a> {
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attrs = FrameAttrs::read(&input.attrs, errors);
        let fields = match &input.data {
            Data::Struct(DataStruct {
                fields: Fields::Named(named),
                ..
            }) => Some(FieldSource::all(named, errors)),
            _ => None,
        };
        FrameSource {
            input,
            attrs,
            fields,
        }
    }
}

/// What was written above the struct.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameAttrs {
    pub(crate) request: Option<Given<()>>,
    /// With the values that distinguish it from the request of the same struct, if it is one.
    pub(crate) response: Option<Given<Option<Vec<Equation>>>>,
    pub(crate) heartbeat: Option<Given<Vec<Equation>>>,
    pub(crate) heartbeat_ack: Option<Given<Vec<Equation>>>,
    pub(crate) oneway: Option<Given<Vec<Equation>>>,
    pub(crate) verbatim: Option<Given<Vec<Equation>>>,
    pub(crate) local: Option<Given<Vec<Equation>>>,
    pub(crate) from: Option<Given<Sender>>,
    pub(crate) endian: Option<Given<Endian>>,
    pub(crate) max: Option<Given<Expr>>,
    pub(crate) size: Option<Given<Expr>>,
    /// It is an entry of a list, and no frame.
    pub(crate) entry: Option<Given<()>>,
    pub(crate) pad: Option<Given<Expr>>,
    pub(crate) krate: Option<Given<Path>>,
}

impl FrameAttrs {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut all = FrameAttrs::default();
        read(attrs, errors, |found, input| match found.key {
            FrameKey::Request => found.set(&mut all.request, input, value::none),
            FrameKey::Response => found.set(&mut all.response, input, value::perhaps_equations),
            FrameKey::Heartbeat => found.set(&mut all.heartbeat, input, value::equations),
            FrameKey::HeartbeatAck => found.set(&mut all.heartbeat_ack, input, value::equations),
            FrameKey::Oneway => found.set(&mut all.oneway, input, value::equations),
            FrameKey::Verbatim => found.set(&mut all.verbatim, input, value::equations),
            FrameKey::Local => found.set(&mut all.local, input, value::equations),
            FrameKey::From => found.set(&mut all.from, input, value::word),
            FrameKey::Endian => found.set(&mut all.endian, input, value::word),
            FrameKey::Max => found.set(&mut all.max, input, value::expr),
            FrameKey::Size => found.set(&mut all.size, input, value::expr),
            FrameKey::Entry => found.set(&mut all.entry, input, value::none),
            FrameKey::Pad => found.set(&mut all.pad, input, value::expr),
            FrameKey::Crate => found.set(&mut all.krate, input, value::module),
        });
        all
    }
}
