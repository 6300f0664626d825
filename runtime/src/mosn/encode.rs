//! One encode: a kept frame with the host's changes, or a frame made for the occasion.

use super::contexts::Context;
use super::message::ToEncode;
use crate::command::{Command, HostStatus, Kind, Message};
use crate::frame::{Edits, HeaderMap, Template, View};
use crate::protocol::{Plugin, ProtocolContext};
use crate::wire::Error;

/// One encode: what the host wants, and what is kept of the frame.
pub(super) struct Encode<'e, P: Plugin> {
    pub(super) surroundings: ProtocolContext<'e, P>,
    pub(super) kept: Option<&'e Context>,
    pub(super) wanted: ToEncode<'e>,
}

impl<P: Plugin> Encode<'_, P> {
    /// Writes the frame, or nothing where the right answer is none.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let view = self.kept.and_then(|kept| P::parse(&kept.frame).frame());
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
            Kind::Request | Kind::OneWay => match view {
                Some(view) if view.kind().is_request() => self.rewrite(&view, out),
                _ => self.fill_template(Template::Request, out),
            },
            Kind::Response => match view {
                Some(view) if view.kind().is_request() => {
                    self.hijack(&view, out);
                    Ok(())
                }
                Some(view) => self.rewrite(&view, out),
                None => self.fill_template(Template::Response, out),
            },
        }
    }

    /// The kept frame with the host's changes.
    fn rewrite(&self, view: &P::View<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        // A hidden body comes back empty, unless somebody behind the host has set one.
        let keep = self.kept.is_some_and(|kept| kept.hidden) && self.wanted.data.is_empty();
        view.rewrite(
            &Edits {
                id: Some(self.wanted.id),
                headers: Some(self.wanted.headers),
                body: (!keep).then_some(self.wanted.data),
            },
            out,
        )
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
        frame.set_headers(HeaderMap::from(self.wanted.headers));
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
