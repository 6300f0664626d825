//! Heartbeats.

use super::{Protocol, ProtocolContext};
use crate::command::{Command, Message};
use crate::frame::Template;

/// Makes and answers heartbeats.
///
/// The default makes them from the declared `heartbeat(…)` constraints. Replace it with
/// `#[protocol(keep_alive = custom)]` and an impl of your own; a protocol without heartbeats has
/// `keep_alive = none`.
pub trait KeepAlive: Protocol {
    /// A heartbeat with this id, for an idle connection; `None` if the protocol has none. Whether
    /// there is one must not change while the plugin runs: hosts query it once.
    fn keep_alive(context: &ProtocolContext<'_, Self>, id: u64) -> Option<Self::Frame> {
        let mut heartbeat = Self::template(Template::Heartbeat)?;
        context.ok(heartbeat.set_id(id))?;
        Some(heartbeat)
    }

    /// The answer to a heartbeat of the peer, or `None` if the protocol has none, which the host
    /// logs.
    fn reply(
        context: &ProtocolContext<'_, Self>,
        heartbeat: &Self::View<'_>,
    ) -> Option<Self::Frame> {
        let mut reply = Self::template_for(heartbeat, Template::HeartbeatAck)?;
        context.ok(reply.set_id(heartbeat.id()))?;
        Some(reply)
    }
}
