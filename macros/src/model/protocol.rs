//! The protocol: its name, its frames, and who answers for the host's questions.

use proc_macro2::{Ident, Span};
use syn::{Expr, Fields, ItemStruct, LitInt, LitStr, Path, Token, Type};

use crate::attrs::Given;
pub(crate) use crate::attrs::protocol::{BodyWord as Body, PoolWord as Pool};
use crate::attrs::protocol::{Custom, HijackerWord, KeepAliveWord, ProtocolAttrs, ProtocolSource};
use crate::attrs::value::{StatusCode, StatusRow};
use crate::errors::Errors;
use crate::names::{Keys, ProtocolKey};

/// A protocol, declared on a unit struct.
#[derive(Debug)]
pub(crate) struct Protocol {
    pub(crate) item: ItemStruct,
    pub(crate) krate: Option<Path>,
    pub(crate) name: LitStr,
    pub(crate) frames: Given<Vec<FrameRef>>,
    pub(crate) keep_alive: KeepAlive,
    pub(crate) hijacker: Hijacker,
    pub(crate) callee: Callee,
    pub(crate) options: Options,
    pub(crate) root: Option<Type>,
}

/// One frame of the protocol, and the variant of the generated enums that holds it.
#[derive(Debug)]
pub(crate) struct FrameRef {
    pub(crate) path: Path,
    pub(crate) variant: Ident,
}

/// Who makes heartbeats.
#[derive(Debug)]
pub(crate) enum KeepAlive {
    /// They follow from the `heartbeat(…)` of the frames.
    Frames,
    /// The protocol has none.
    None,
    /// The author, who said so with this key.
    Custom(Ident),
}

/// Who answers in place of a server.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it per expansion"
)]
pub(crate) enum Hijacker {
    Status(StatusMap),
    /// Nobody: the protocol has no answer that fits every request.
    None,
    /// The author, who said so with this key; the statuses are there for him to ask.
    Custom(Ident, Option<StatusMap>),
}

impl Hijacker {
    /// The statuses of the protocol for the codes of the host.
    pub(crate) fn statuses(&self) -> Option<&StatusMap> {
        match self {
            Hijacker::Status(map) => Some(map),
            Hijacker::Custom(_, map) => map.as_ref(),
            Hijacker::None => None,
        }
    }
}

/// Codes of the host, each with the status of this protocol.
#[derive(Debug)]
pub(crate) struct StatusMap {
    pub(crate) rows: Vec<(LitInt, Expr)>,
    pub(crate) rest: Expr,
}

impl StatusMap {
    /// Whether it says what a success is.
    pub(crate) fn has_success(&self) -> bool {
        let mut codes = self.rows.iter();
        codes.any(|(code, _)| code.base10_digits() == "200")
    }

    /// The statuses of this protocol.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Expr> {
        let rows = self.rows.iter().map(|(_, value)| value);
        rows.chain([&self.rest])
    }
}

/// Who says which headers name the callee of a call.
#[derive(Debug)]
pub(crate) enum Callee {
    /// The attribute, where it says it.
    Headers {
        service: Option<Vec<LitStr>>,
        method: Option<Vec<LitStr>>,
    },
    /// The author, who said so with this key.
    Custom(Ident),
}

/// What the host asks when it loads the protocol.
#[derive(Debug)]
pub(crate) enum Options {
    Stated {
        body: Option<Body>,
        pool: Option<Pool>,
        worker_pool: Option<bool>,
    },
    Custom(Ident),
}

impl Protocol {
    pub(crate) fn build(source: &ProtocolSource<'_>, errors: &mut Errors) -> Option<Self> {
        let (item, attrs) = (source.item, source.attrs.clone());
        unit_struct(item, errors);
        let options = options(&attrs, errors);
        let callee = callee(attrs.callee, attrs.service, attrs.method, errors);
        let name = required(attrs.name, ProtocolKey::Name, errors);
        let frames = required(attrs.frames, ProtocolKey::Frames, errors);
        let hijacker = hijacker(attrs.hijacker, attrs.status, errors);
        Some(Protocol {
            item: item.clone(),
            krate: attrs.krate.map(|given| given.value),
            name: name?.value,
            frames: frames.map(|given| Given {
                key: given.key,
                value: FrameRef::of(&given.value),
            })?,
            keep_alive: match attrs.keep_alive {
                None => KeepAlive::Frames,
                Some(given) => match given.value {
                    KeepAliveWord::None => KeepAlive::None,
                    KeepAliveWord::Custom => KeepAlive::Custom(given.key),
                },
            },
            hijacker: hijacker?,
            callee,
            options,
            root: attrs.root.map(|given| given.value),
        })
    }
}

/// The struct only carries the impls: what a connection knows lives in the contexts of the host.
fn unit_struct(item: &ItemStruct, errors: &mut Errors) {
    let ident = &item.ident;
    if !matches!(item.fields, Fields::Unit) {
        errors.on(
            &item.fields,
            format_args!("a protocol has no fields: write `struct {ident};`"),
        );
    }
    let message = format!("a protocol has no generics: write `struct {ident};`");
    if !item.generics.params.is_empty() {
        errors.on(&item.generics, message);
    } else if let Some(clause) = &item.generics.where_clause {
        errors.on(clause.where_token, message);
    }
}

fn required<T>(given: Option<Given<T>>, key: ProtocolKey, errors: &mut Errors) -> Option<Given<T>> {
    if given.is_none() {
        errors.at(
            Span::call_site(),
            format_args!("a protocol needs `{}`", key.form()),
        );
    }
    given
}

impl FrameRef {
    pub(crate) fn of(paths: &[Path]) -> Vec<Self> {
        let frames = paths.iter().filter_map(|path| {
            let variant = path.segments.last()?.ident.clone();
            Some(FrameRef {
                path: path.clone(),
                variant,
            })
        });
        frames.collect()
    }
}

/// A status map, which an author that answers himself may have too.
fn hijacker(
    given: Option<Given<HijackerWord>>,
    status: Option<Given<Vec<StatusRow>>>,
    errors: &mut Errors,
) -> Option<Hijacker> {
    if given
        .as_ref()
        .is_some_and(|given| given.value == HijackerWord::None)
    {
        if let Some(status) = status {
            errors.at(
                status.key.span(),
                "`status` cannot be used with `hijacker = none`: no answer has such a status",
            );
        }
        return Some(Hijacker::None);
    }
    match (given, status) {
        (None, Some(status)) => status_map(status, errors).map(Hijacker::Status),
        (Some(custom), None) => Some(Hijacker::Custom(custom.key, None)),
        (Some(custom), Some(status)) => {
            status_map(status, errors).map(|map| Hijacker::Custom(custom.key, Some(map)))
        }
        (None, None) => {
            errors.at(
                Span::call_site(),
                format_args!(
                    "a protocol needs `{}`, or `hijacker = custom` and your own `Hijacker`, or `hijacker = none`",
                    ProtocolKey::Status.form(),
                ),
            );
            None
        }
    }
}

/// The host has codes that no table lists, so the last row takes the rest.
fn status_map(given: Given<Vec<StatusRow>>, errors: &mut Errors) -> Option<StatusMap> {
    let mut rows = Vec::new();
    let mut rest: Option<(Token![_], Expr)> = None;
    for row in given.value {
        match (row.code, &rest) {
            (StatusCode::Code(code), None) => rows.push((code, row.value)),
            (StatusCode::Rest(token), None) => rest = Some((token, row.value)),
            (_, Some((token, _))) => {
                errors.on(
                    token,
                    "`_` takes all other codes, so it must be the last row",
                );
                return None;
            }
        }
    }
    if rest.is_none() {
        errors.at(
            given.key.span(),
            "`status` must end with a row for all other codes: `_ => value`",
        );
    }
    rest.map(|(_, rest)| StatusMap { rows, rest })
}

/// `callee = custom` answers everything, so the keys that list headers contradict it.
fn callee(
    custom: Option<Given<Custom>>,
    service: Option<Given<Vec<LitStr>>>,
    method: Option<Given<Vec<LitStr>>>,
    errors: &mut Errors,
) -> Callee {
    let Some(custom) = custom else {
        return Callee::Headers {
            service: service.map(|given| given.value),
            method: method.map(|given| given.value),
        };
    };
    for stated in [service, method].into_iter().flatten() {
        let key = &stated.key;
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used with `callee = custom`: your `Callee` answers it"),
        );
    }
    Callee::Custom(custom.key)
}

/// `options = custom` answers everything, so the keys that state an answer contradict it.
fn options(attrs: &ProtocolAttrs, errors: &mut Errors) -> Options {
    if let Some(custom) = &attrs.options {
        let stated = [
            attrs.body.as_ref().map(|given| &given.key),
            attrs.pool.as_ref().map(|given| &given.key),
            attrs.worker_pool.as_ref().map(|given| &given.key),
        ];
        for key in stated.into_iter().flatten() {
            errors.at(
                key.span(),
                format_args!(
                    "`{key}` cannot be used with `options = custom`: your `Options` answers it"
                ),
            );
        }
        return Options::Custom(custom.key.clone());
    }
    Options::Stated {
        body: attrs.body.as_ref().map(|given| given.value),
        pool: attrs.pool.as_ref().map(|given| given.value),
        worker_pool: attrs.worker_pool.as_ref().map(|given| given.value),
    }
}
