//! One encode: a kept frame with the host's changes, or a frame made for the occasion.

use super::Host;
use super::contexts::Context;
use super::log::warn;
use super::message::ToEncode;
use crate::command::{Command, HostStatus, Local, Message, MessageKind};
use crate::frame::{Edits, HeaderMap, Template, View};
use crate::protocol::{Plugin, ProtocolContext};
use crate::wire::{Decimal, Endian, Error, Reason, Slot, shared};

/// Writes a kept frame with the host's changes, which is what nearly every encode is.
///
/// A response that cannot have the host's headers keeps its original ones: the host does not report an
/// error, so the client would wait for the response in vain.
#[inline]
pub(super) fn rewrite<V: View + Command>(
    host: &dyn Host,
    kept: &Context,
    view: &V,
    wanted: &ToEncode<'_>,
    opaque: Option<&[u8]>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    // The host returns all headers: mostly the decoded ones.
    let came = view.header_block();
    let headers = if came.is_some_and(|came| same_bytes(wanted.headers, came)) {
        None
    } else {
        Some(wanted.headers()?)
    };
    // A hidden body comes back empty, unless a filter of the host has set one.
    let keep = kept.hidden && wanted.data.is_empty();
    let mut edits = Edits {
        id: Some(wanted.id),
        opaque,
        headers,
        body: (!keep).then_some(wanted.data),
    };
    loop {
        match view.rewrite(&edits, out) {
            Err(error) if edits.headers.is_some() && !view.kind().is_request() => {
                warn(
                    host,
                    format_args!("header changes to a response are dropped: {error}"),
                );
                edits.headers = None;
            }
            written => return written,
        }
    }
}

/// A frame without its body.
#[cold]
#[inline(never)]
pub(super) fn bodyless<V: View>(view: &V) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let edits = Edits {
        body: Some(&[]),
        ..Edits::default()
    };
    view.rewrite(&edits, &mut out).ok()?;
    Some(out)
}

/// The declared defaults, as the field of an error.
static DEFAULTS: Slot = Slot::first("protocol", "defaults", 0, Endian::Big);

/// An encode that makes a frame for the occasion.
pub(super) struct Encode<'e, 'v, P: Plugin> {
    pub(super) surroundings: ProtocolContext<'e, P>,
    pub(super) kept: Option<&'e Context>,
    /// The kept frame, if there is one.
    pub(super) view: Option<&'e P::View<'v>>,
    pub(super) wanted: &'e ToEncode<'e>,
}

impl<P: Plugin> Encode<'_, '_, P> {
    /// Writes the frame. If there is no answer, or none can be built, it writes nothing: silence is
    /// better than an error, for which the host drops the stream all the same.
    #[cold]
    #[inline(never)]
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self.wanted.kind {
            MessageKind::Heartbeat => {
                let heartbeat = P::keep_alive(&self.surroundings, self.wanted.id);
                self.put(heartbeat, None, out)
            }
            MessageKind::HeartbeatAck => match self.view {
                Some(view) if view.kind() == MessageKind::Heartbeat => {
                    let reply = match view.local() {
                        Some(Local::Dropped) => return Ok(()),
                        Some(Local::Answered) => {
                            P::hijack(&self.surroundings, view, HostStatus::OK)
                        }
                        None => P::reply(&self.surroundings, view),
                    };
                    self.put(reply, self.opaque(view), out)
                }
                _ => self.put(P::template(Template::HeartbeatAck), None, out),
            },
            MessageKind::Request | MessageKind::OneWay => {
                self.fill_template(Template::Request, out)
            }
            MessageKind::Response => match (self.view, self.kept.and_then(|kept| kept.hijacked)) {
                (Some(view), _) if view.kind().is_request() => {
                    self.hijack(view, out);
                    Ok(())
                }
                (_, Some(reason)) => {
                    self.hijack_unread(HostStatus(reason), out);
                    Ok(())
                }
                (_, None) => self.fill_template(Template::Response, out),
            },
        }
    }

    /// The host's own answer to a request.
    fn hijack(&self, request: &P::View<'_>, out: &mut Vec<u8>) {
        if request.kind() == MessageKind::OneWay {
            return;
        }
        let reason = self
            .kept
            .and_then(|kept| kept.hijacked)
            .map_or(HostStatus::UNKNOWN, HostStatus);
        let answer = P::hijack(&self.surroundings, request, reason);
        self.put_answer(answer, self.opaque(request), reason, out);
    }

    /// The host's own answer to a request whose bytes are not at hand: the declared defaults with the status.
    /// A hijacker of the author's own is not asked without a request; the defaults alone may say
    /// success, so then there is no answer.
    fn hijack_unread(&self, reason: HostStatus, out: &mut Vec<u8>) {
        let answer = P::MAPS_STATUS.then(|| P::template(Template::Response));
        let answer = answer.flatten().and_then(|mut answer| {
            self.surroundings
                .ok(answer.set_status(P::status(reason)))
                .map(|()| answer)
        });
        self.put_answer(answer, None, reason, out);
    }

    /// Writes the host's own answer with the body that it wants, or logs that it cannot be made.
    fn put_answer(
        &self,
        answer: Option<P::Frame>,
        opaque: Option<&[u8]>,
        reason: HostStatus,
        out: &mut Vec<u8>,
    ) {
        let data = self.wanted.data;
        let answer = answer.and_then(|mut answer| {
            if !data.is_empty() {
                self.surroundings
                    .ok(answer.set_body(shared(data.to_vec())))?;
            }
            self.surroundings.ok(self.write_frame(answer, opaque, out))
        });
        if answer.is_none() {
            self.surroundings.log.warn(format_args!(
                "no response is sent for status {}",
                Decimal(reason.0.into())
            ));
        }
    }

    /// A frame of which nothing is kept: the declared defaults, with all that the host knows.
    fn fill_template(&self, template: Template, out: &mut Vec<u8>) -> Result<(), Error> {
        let log = self.surroundings.log;
        log.warn(format_args!(
            "the original frame is no longer known, its protocol's defaults are encoded"
        ));
        let Some(mut frame) = P::template(template) else {
            return Err(DEFAULTS.error(Reason::Missing));
        };
        frame.set_status(i64::from(self.wanted.word))?;
        frame.set_headers(HeaderMap::from(self.wanted.headers()?))?;
        frame.set_body(shared(self.wanted.data.to_vec()))?;
        self.write_frame(frame, None, out)
    }

    /// The id that a request came with, if it is non-numeric and the answer shall have it.
    fn opaque<'r>(&self, request: &'r P::View<'_>) -> Option<&'r [u8]> {
        if P::OPAQUE && request.id() == self.wanted.id {
            request.opaque_id()
        } else {
            None
        }
    }

    /// Writes a heartbeat or the answer to one, or logs that it cannot be made.
    fn put(
        &self,
        frame: Option<P::Frame>,
        opaque: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let Some(frame) = frame else {
            let log = self.surroundings.log;
            log.debug(format_args!("the protocol has no heartbeat frame"));
            return Ok(());
        };
        self.write_frame(frame, opaque, out)
    }

    #[inline(never)]
    fn write_frame(
        &self,
        mut frame: P::Frame,
        opaque: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        frame.set_id(self.wanted.id)?;
        if let Some(opaque) = opaque {
            frame.set_opaque_id(opaque)?;
        }
        frame.encode(out)
    }
}

/// Whether two regions hold the same bytes. In WebAssembly the comparison of slices goes byte by
/// byte.
#[inline]
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    if cfg!(not(target_family = "wasm")) || a.len() != b.len() || a.len() < 8 {
        return a == b;
    }
    let words = |a: &[u8], b: &[u8]| chunks::<8>(a).zip(chunks::<8>(b)).all(|(a, b)| a == b);
    let (a_rest, b_rest) = (
        a.chunks_exact(32).remainder(),
        b.chunks_exact(32).remainder(),
    );
    chunks::<32>(a)
        .zip(chunks::<32>(b))
        .all(|(a, b)| words(a, b))
        && words(a_rest, b_rest)
        && a.last_chunk::<8>() == b.last_chunk()
}

/// The whole chunks of `N` bytes, of a size that the compiler knows.
fn chunks<const N: usize>(mut bytes: &[u8]) -> impl Iterator<Item = &[u8; N]> {
    core::iter::from_fn(move || {
        let (chunk, rest) = bytes.split_first_chunk()?;
        bytes = rest;
        Some(chunk)
    })
}
