//! `#[protocol(…)]` above the unit struct of a protocol.

use proc_macro2::TokenStream;
use syn::{ItemStruct, LitStr, Path, Type};

use super::value::{self, StatusRow, Word};
use super::{Given, read_args};
use crate::errors::Errors;
use crate::names::ProtocolKey;

/// Who writes an impl of the protocol, where the keys leave no other choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Custom;

impl Word for Custom {
    const WORDS: &'static [(&'static str, Self)] = &[("custom", Custom)];
}

/// `keep_alive = …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeepAliveWord {
    None,
    Custom,
}

impl Word for KeepAliveWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", KeepAliveWord::None),
        ("custom", KeepAliveWord::Custom),
    ];
}

/// `hijacker = …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HijackerWord {
    None,
    Custom,
}

impl Word for HijackerWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", HijackerWord::None),
        ("custom", HijackerWord::Custom),
    ];
}

/// `body = …`: whether the host sees the bytes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyWord {
    Visible,
    Hidden,
}

impl Word for BodyWord {
    const WORDS: &'static [(&'static str, Self)] =
        &[("visible", BodyWord::Visible), ("hidden", BodyWord::Hidden)];
}

/// `pool = …`: how the host shares upstream connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolWord {
    Multiplex,
    PingPong,
    Tcp,
}

impl Word for PoolWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("multiplex", PoolWord::Multiplex),
        ("ping_pong", PoolWord::PingPong),
        ("tcp", PoolWord::Tcp),
    ];
}

/// The unit struct of a protocol, with its attribute read.
#[derive(Debug)]
pub(crate) struct ProtocolSource<'a> {
    pub(crate) item: &'a ItemStruct,
    pub(crate) attrs: ProtocolAttrs,
}

impl<'a> ProtocolSource<'a> {
    pub(crate) fn read(args: TokenStream, item: &'a ItemStruct, errors: &mut Errors) -> Self {
        ProtocolSource {
            item,
            attrs: ProtocolAttrs::read(args, errors),
        }
    }
}

/// What was written in `#[protocol(…)]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProtocolAttrs {
    pub(crate) name: Option<Given<LitStr>>,
    pub(crate) frames: Option<Given<Vec<Path>>>,
    pub(crate) status: Option<Given<Vec<StatusRow>>>,
    pub(crate) keep_alive: Option<Given<KeepAliveWord>>,
    pub(crate) hijacker: Option<Given<HijackerWord>>,
    pub(crate) service: Option<Given<Vec<LitStr>>>,
    pub(crate) method: Option<Given<Vec<LitStr>>>,
    pub(crate) callee: Option<Given<Custom>>,
    pub(crate) options: Option<Given<Custom>>,
    pub(crate) root: Option<Given<Type>>,
    pub(crate) body: Option<Given<BodyWord>>,
    pub(crate) pool: Option<Given<PoolWord>>,
    pub(crate) worker_pool: Option<Given<bool>>,
    pub(crate) krate: Option<Given<Path>>,
}

impl ProtocolAttrs {
    fn read(args: TokenStream, errors: &mut Errors) -> Self {
        let mut all = ProtocolAttrs::default();
        read_args(args, errors, |found, input| match found.key {
            ProtocolKey::Name => found.set(&mut all.name, input, value::string),
            ProtocolKey::Frames => found.set(&mut all.frames, input, value::paths),
            ProtocolKey::Status => found.set(&mut all.status, input, value::status_map),
            ProtocolKey::KeepAlive => found.set(&mut all.keep_alive, input, value::word),
            ProtocolKey::Hijacker => found.set(&mut all.hijacker, input, value::word),
            ProtocolKey::Service => found.set(&mut all.service, input, value::strings),
            ProtocolKey::Method => found.set(&mut all.method, input, value::strings),
            ProtocolKey::Callee => found.set(&mut all.callee, input, value::word),
            ProtocolKey::Options => found.set(&mut all.options, input, value::word),
            ProtocolKey::Root => found.set(&mut all.root, input, value::ty),
            ProtocolKey::Body => found.set(&mut all.body, input, value::word),
            ProtocolKey::Pool => found.set(&mut all.pool, input, value::word),
            ProtocolKey::WorkerPool => found.set(&mut all.worker_pool, input, value::word),
            ProtocolKey::Crate => found.set(&mut all.krate, input, value::module),
        });
        all
    }
}
