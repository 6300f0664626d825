//! Answers in the place of a peer.

use super::{Protocol, ProtocolContext};
use crate::command::{Command, HostStatus, Message};
use crate::frame::Template;

/// Answers a request in the place of its peer, when the host cannot or will not forward it.
///
/// The default makes a response from the declared defaults, with the request's id and with the
/// status that `status(…)` maps the reason to. Replace it with `#[protocol(hijacker = custom)]` and
/// an impl of your own.
pub trait Hijacker: Protocol {
    /// The answer to `request`, or `None` if the protocol has none to it: such a request waits until its
    /// client gives up, and the host's log has a line about it. A vector of one says `hijack=none`. The host may
    /// still change the id. One-way requests are never answered, so this is not called for them.
    ///
    /// What fails on the way to an answer goes through [`ProtocolContext::ok`].
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &Self::View<'_>,
        reason: HostStatus,
    ) -> Option<Self::Frame> {
        let mut response = Self::template_for(request, Template::Response)?;
        context.ok(response.set_id(request.id()))?;
        context.ok(response.set_status(Self::status(reason)))?;
        Some(response)
    }
}
