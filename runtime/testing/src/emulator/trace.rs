//! What the host has called, in the notation of its documentation.

use core::fmt;
use std::collections::VecDeque;

use super::{ContextId, Status, Trap};

/// Calls that are remembered; older ones are forgotten.
const MAX: usize = 4096;

/// One call into the plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which instance was called, counted from 0.
    pub instance: usize,
    /// The context that it was about.
    pub context: ContextId,
    /// What was called.
    pub export: Export,
    /// What it returned; 0 for a call that returns nothing.
    pub result: Result<Status, Trap>,
}

/// An exported function, with those of its arguments that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// `proxy_on_context_create`.
    Create,
    /// `proxy_on_vm_start`.
    StartVm,
    /// `proxy_on_configure`.
    Configure,
    /// `proxy_on_delete`.
    Delete,
    /// `proxy_decode_buffer_bytes`.
    Decode,
    /// `proxy_encode_buffer_bytes`.
    Encode {
        /// The id that goes on the wire.
        id: u64,
        /// The id before.
        previous: u64,
    },
    /// `proxy_keepalive_buffer_bytes`.
    KeepAlive {
        /// The id of the heartbeat; 0 is a probe.
        id: u64,
    },
    /// `proxy_reply_keepalive_buffer_bytes`.
    ReplyKeepAlive,
    /// `proxy_hijack_buffer_bytes`.
    Hijack {
        /// The host's reason.
        status: u32,
    },
}

/// `encode(3){7,1}`: the context, then the two ids; a result other than 0 follows in brackets.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = self.context;
        match self.export {
            Export::Create => write!(f, "create({context})"),
            Export::StartVm => write!(f, "vm_start({context})"),
            Export::Configure => write!(f, "configure({context})"),
            Export::Delete => write!(f, "delete({context})"),
            Export::Decode => write!(f, "decode({context})"),
            Export::Encode { id, previous } => write!(f, "encode({context}){{{id},{previous}}}"),
            Export::KeepAlive { id } => write!(f, "ka({context},{id})"),
            Export::ReplyKeepAlive => write!(f, "reply({context})"),
            Export::Hijack { status } => write!(f, "hijack({context},{status})"),
        }?;
        match &self.result {
            Ok(Status::OK) => Ok(()),
            Ok(Status(status)) => write!(f, "[{status}]"),
            Err(_) => f.write_str("[trap]"),
        }
    }
}

/// The last calls, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    calls: VecDeque<Call>,
}

impl Trace {
    pub(super) fn push(&mut self, call: Call) {
        if self.calls.len() == MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// The calls, the oldest first; 4,096 at most.
    pub fn iter(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }

    /// Forgets all calls.
    pub fn clear(&mut self) {
        self.calls.clear();
    }

    /// The calls as text, forgotten afterwards: `create(1) decode(1) encode(1){7,1} delete(1)`.
    pub fn take(&mut self) -> String {
        let text = self.to_string();
        self.clear();
        text
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, call) in self.calls.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{call}")?;
        }
        Ok(())
    }
}
