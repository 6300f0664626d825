//! One encode: a kept frame with the host's changes, or a frame made for the occasion.

use super::contexts::Context;
use super::message::ToEncode;
use crate::command::{Command, HostStatus, Kind, Message};
use crate::frame::{Edits, HeaderMap, Headers, Template, View};
use crate::protocol::{Plugin, ProtocolContext};
use crate::wire::{Endian, Error, Slot};

/// One encode: what the host wants, and what is kept of the frame.
pub(super) struct Encode<'e, P: Plugin> {
    pub(super) surroundings: ProtocolContext<'e, P>,
    pub(super) kept: Option<&'e Context>,
    pub(super) wanted: ToEncode<'e>,
}

/// The kept frame with the host's changes, which is what nearly every encode is; `None` if it is
/// something else.
#[inline]
pub(super) fn again<P: Plugin>(
    kept: &Context,
    wanted: &ToEncode<'_>,
    out: &mut Vec<u8>,
) -> Option<Result<(), Error>> {
    let same_half = kept.kind?.is_request() == wanted.kind.is_request();
    // Heartbeats and the host's own answers are made for the occasion.
    if !same_half || wanted.kind.is_heartbeat() || kept.hijacked.is_some() {
        return None;
    }
    let view = P::parse(&kept.frame).frame()?;
    Some(rewrite::<P>(kept, &view, wanted, out))
}

#[inline]
fn rewrite<P: Plugin>(
    kept: &Context,
    view: &P::View<'_>,
    wanted: &ToEncode<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let headers = if same_bytes(wanted.headers, view.header_region()) {
        None
    } else {
        Some(headers(wanted)?)
    };
    // A hidden body comes back empty, unless somebody behind the host has set one.
    let keep = kept.hidden && wanted.data.is_empty();
    let edits = Edits {
        id: Some(wanted.id),
        headers,
        body: (!keep).then_some(wanted.data),
    };
    view.rewrite(&edits, out)
}

#[cold]
#[inline(never)]
fn headers<'i>(wanted: &ToEncode<'i>) -> Result<Headers<'i>, Error> {
    static HOST_HEADERS: Slot = Slot::first("HostMessage", "headers", 0, Endian::Big);
    Headers::parse(wanted.headers, &HOST_HEADERS, 4)
}

/// The kept frame once more.
#[inline(never)]
pub(super) fn view<P: Plugin>(frame: &[u8]) -> Option<P::View<'_>> {
    P::parse(frame).frame()
}

impl<P: Plugin> Encode<'_, P> {
    /// Writes the frame, or nothing where the right answer is none.
    #[cold]
    #[inline(never)]
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let view = self.kept.and_then(|kept| view::<P>(&kept.frame));
        match self.wanted.kind {
            Kind::Heartbeat => Self::put(
                P::keep_alive(&self.surroundings, self.wanted.id),
                self.wanted.id,
                out,
            ),
            Kind::HeartbeatAck => match view {
                Some(view) if view.kind() == Kind::Heartbeat => {
                    Self::put(P::reply(&self.surroundings, &view), self.wanted.id, out)
                }
                _ => Self::put(P::template(Template::HeartbeatAck), self.wanted.id, out),
            },
            Kind::Request | Kind::OneWay => {
                let log = self.surroundings.log;
                log.warn("a request that is not remembered goes out with its protocol's defaults");
                self.fill_template(Template::Request, out)
            }
            Kind::Response => match view {
                Some(view) if view.kind().is_request() => {
                    self.hijack(&view, out);
                    Ok(())
                }
                _ => self.fill_template(Template::Response, out),
            },
        }
    }

    /// The host's own answer to a request. Silence is better than an error: the host then drops the
    /// connection's stream without telling anybody.
    fn hijack(&self, request: &P::View<'_>, out: &mut Vec<u8>) {
        if request.kind() == Kind::OneWay {
            return;
        }
        let reason = self
            .kept
            .and_then(|kept| kept.hijacked)
            .map_or(HostStatus::UNKNOWN, HostStatus);
        let Some(mut answer) = P::hijack(&self.surroundings, request, reason) else {
            return;
        };
        let data = self.wanted.data;
        if !data.is_empty() {
            answer.set_body(data.to_vec().into());
        }
        if let Err(error) = Self::put(Some(answer), self.wanted.id, out) {
            self.surroundings.log.error(format_args!(
                "cannot answer for status {}: {error}",
                reason.0
            ));
        }
    }

    /// A frame of which nothing is kept: the declared defaults, with all that the host knows.
    fn fill_template(&self, template: Template, out: &mut Vec<u8>) -> Result<(), Error> {
        let hijacked = self.kept.and_then(|kept| kept.hijacked);
        let Some(mut frame) = P::template(template) else {
            return Ok(());
        };
        match hijacked {
            Some(reason) => frame.set_status(P::status(HostStatus(reason)))?,
            None => frame.set_status(i64::from(self.wanted.word))?,
        }
        frame.set_headers(HeaderMap::from(headers(&self.wanted)?));
        frame.set_body(self.wanted.data.to_vec().into());
        Self::put(Some(frame), self.wanted.id, out)
    }

    fn put(frame: Option<P::Frame>, id: u64, out: &mut Vec<u8>) -> Result<(), Error> {
        let Some(mut frame) = frame else {
            return Ok(());
        };
        frame.set_id(id)?;
        frame.encode(out)
    }
}

/// Whether two regions hold the same bytes. The comparison of slices goes byte by byte in
/// WebAssembly; this one goes by four words at a time.
#[inline]
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let (a_quads, a_rest) = a.as_chunks::<32>();
    let (b_quads, b_rest) = b.as_chunks::<32>();
    let mut quads = a_quads.iter().zip(b_quads);
    let (a_words, a_rest) = a_rest.as_chunks::<8>();
    let (b_words, b_rest) = b_rest.as_chunks::<8>();
    a.len() == b.len()
        && quads.all(|(a, b)| differ(a.as_chunks().0, b.as_chunks().0) == 0)
        && differ(a_words, b_words) == 0
        && a_rest == b_rest
}

#[inline]
fn differ(a: &[[u8; 8]], b: &[[u8; 8]]) -> u64 {
    let words = a.iter().zip(b);
    words.fold(0, |differ, (a, b)| {
        differ | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))
    })
}
