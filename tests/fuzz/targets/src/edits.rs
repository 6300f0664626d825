//! Changes to a frame, and what a frame says, to be compared with what it says after a change.

use meshwire::{
    Command, Edits, HeaderMap, Message, MessageKind, Plugin, Request, Response, Template, Timeout,
    View,
};

use crate::input::Input;

/// Names and values in their order.
type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub kind: MessageKind,
    /// Its correlation id.
    pub id: u64,
    /// The same, where it is not a number.
    pub opaque: Option<Vec<u8>>,
    /// Of a request.
    pub timeout: Option<Timeout>,
    /// Of an answer.
    pub status: Option<i64>,
    /// Its headers; `None` if they cannot be read.
    pub headers: Option<HeaderMap>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Facts {
    /// What this frame says.
    pub fn of(frame: &impl Command) -> Self {
        Self {
            kind: frame.kind(),
            id: frame.id(),
            opaque: frame.opaque_id().map(<[u8]>::to_vec),
            timeout: frame.as_request().map(Request::timeout),
            status: frame.as_response().map(Response::status),
            headers: frame.header_map().ok(),
            body: frame.body().to_vec(),
        }
    }

    /// The same without the order of headers, and without those that are empty: where headers are items among
    /// others, one that is changed goes to the end, one that is empty is one that is not there, and a field among
    /// the headers is before those of its name.
    #[must_use]
    pub fn by_name(mut self) -> Self {
        if let Some(headers) = &mut self.headers {
            let mut pairs = pairs(headers);
            pairs.retain(|(_, value)| !value.is_empty());
            pairs.sort();
            *headers = pairs.into_iter().collect();
        }
        self
    }
}

fn pairs(headers: &HeaderMap) -> Pairs {
    let owned = |(key, value): (&[u8], &[u8])| (key.to_vec(), value.to_vec());
    headers.iter().map(owned).collect()
}

/// Which change an input asks for.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'i> {
    what: u8,
    at: usize,
    value: &'i [u8],
}

impl<'i> Edit<'i> {
    /// The next one.
    pub fn new(input: &mut Input<'i>) -> Self {
        Self {
            what: input.byte(),
            at: input.byte().into(),
            value: input.short_text(),
        }
    }
}

/// A change to a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Another id.
    pub id: Option<u64>,
    /// Other headers.
    pub headers: Option<HeaderMap>,
    /// Another body.
    pub body: Option<Vec<u8>>,
}

impl Change {
    /// A change to a frame that says this.
    pub fn of(edit: Edit<'_>, frame: &Facts) -> Self {
        let Edit { what, at, value } = edit;
        let id = || Some(Input::new(value).long());
        let headers = |change: fn(&mut Pairs, usize, &[u8])| {
            let mut headers = pairs(frame.headers.as_ref()?);
            change(&mut headers, at, value);
            Some(headers.into_iter().collect())
        };
        let body = || Some(value.repeat(1 + at / 16));
        match what {
            0 => Self::id(id()),
            1 => Self::headers(headers(set)),
            2 => Self::headers(headers(remove)),
            3 => Self::headers(headers(add)),
            4 => Self::headers(headers(|headers, _, _| headers.reverse())),
            5 => Self::headers(headers(all)),
            6 => Self::body(body()),
            7 => Self {
                id: id(),
                headers: headers(set),
                body: body(),
            },
            8 => Self {
                id: id(),
                headers: headers(add),
                body: body(),
            },
            _ => Self::default(),
        }
    }

    fn id(id: Option<u64>) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    fn headers(headers: Option<HeaderMap>) -> Self {
        Self {
            headers,
            ..Self::default()
        }
    }

    fn body(body: Option<Vec<u8>>) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    /// Whether more than one thing changes.
    pub fn is_several(&self) -> bool {
        let changed = [
            self.id.is_some(),
            self.headers.is_some(),
            self.body.is_some(),
        ];
        changed.into_iter().filter(|is_changed| *is_changed).count() > 1
    }

    /// The same for a view.
    pub fn edits(&self) -> Edits<'_> {
        Edits {
            id: self.id,
            opaque: None,
            headers: self.headers.as_ref().map(HeaderMap::as_headers),
            body: self.body.as_deref(),
        }
    }
}

fn set(headers: &mut Pairs, at: usize, value: &[u8]) {
    if let Some(at) = at.checked_rem(headers.len()) {
        headers[at].1 = value.to_vec();
    }
}

fn remove(headers: &mut Pairs, at: usize, _: &[u8]) {
    if let Some(at) = at.checked_rem(headers.len()) {
        headers.remove(at);
    }
}

fn add(headers: &mut Pairs, at: usize, value: &[u8]) {
    let (key, value) = value.split_at(at.min(value.len()));
    headers.push((key.to_vec(), value.to_vec()));
}

fn all(headers: &mut Pairs, _: usize, value: &[u8]) {
    headers.clear();
    let mut value = Input::new(value);
    while !value.is_empty() {
        headers.push((value.short_text().to_vec(), value.short_text().to_vec()));
    }
}

/// The frame with `edits`, written after other bytes; on an error nothing may have been appended.
pub fn rewritten<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Vec<u8>, E> {
    const BEFORE: &[u8] = b"before";
    let mut out = BEFORE.to_vec();
    let result = write(&mut out);
    let appended = out.strip_prefix(BEFORE).expect("the bytes before it stay");
    assert!(result.is_ok() || appended.is_empty(), "an error, and bytes");
    result.map(|()| appended.to_vec())
}

/// A view with `edits`.
pub fn with(view: &impl View, edits: &Edits<'_>) -> Result<Vec<u8>, meshwire::Error> {
    rewritten(|out| view.rewrite(edits, out))
}

/// An answer to a call: a template of the protocol, else the example with the id of the call.
pub fn answer<P: Plugin>(call: &P::View<'_>, example: &[u8]) -> Option<Vec<u8>> {
    let template = match call.kind() {
        MessageKind::Request => Template::Response,
        MessageKind::Heartbeat => Template::HeartbeatAck,
        MessageKind::OneWay | MessageKind::Response | MessageKind::HeartbeatAck => return None,
    };
    if let Some(mut frame) = P::template_for(call, template) {
        frame.set_id(call.id()).ok()?;
        if let Some(id) = call.opaque_id() {
            frame.set_opaque_id(id).ok()?;
        }
        return frame.to_bytes().ok().map(Vec::from);
    }
    let answer = P::parse_from_server(example).frame()?;
    let edits = Edits {
        opaque: call.opaque_id(),
        ..Edits::id(call.id())
    };
    let mut out = Vec::new();
    answer.rewrite(&edits, &mut out).ok()?;
    Some(out)
}
