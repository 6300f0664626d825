//! Responses that the host sends instead of the upstream.

use super::{Protocol, ProtocolContext};
use crate::command::{Command, HostStatus, Message};
use crate::frame::Template;

/// Answers a request instead of the upstream, when the host cannot or will not forward it.
///
/// The default makes a response from the declared defaults, with the request's id, with the status that
/// `status(…)` maps the reason to, and with the reason in words where a field is declared as `reason`. Replace it with `#[protocol(hijacker = custom)]` and
/// an impl of your own, which has the same table in [`Self::status`](Protocol::status).
pub trait Hijacker: Protocol {
    /// The answer to `request`, or `None` if the protocol has none to it: such a request waits until its
    /// client times out, and the host logs it. Its vector has `hijack=none`. The host may
    /// still change the id. One-way requests are never answered, so this is not called for them.
    ///
    /// Errors while an answer is made go through [`ProtocolContext::ok`].
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &Self::View<'_>,
        reason: HostStatus,
    ) -> Option<Self::Frame> {
        Self::default_answer(context, request, reason)
    }

    /// The answer of the default [`hijack`](Self::hijack), for an impl of your own that changes something in it: the
    /// template of a response with what it echoes of `request`, its id, the status of the table `status(…)`, and the reason
    /// in words where the frame has a place for it.
    fn default_answer(
        context: &ProtocolContext<'_, Self>,
        request: &Self::View<'_>,
        reason: HostStatus,
    ) -> Option<Self::Frame> {
        let mut response = Self::template_for(request, Template::Response)?;
        context.ok(response.set_id(request.id()))?;
        context.ok(response.set_status(Self::status(reason)))?;
        if Self::Frame::HAS_REASON && reason != HostStatus::OK {
            context.ok(response.set_reason(&reason.sentence()))?;
        }
        Some(response)
    }
}
