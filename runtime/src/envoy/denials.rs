//! Calls that are denied without the loss of their connection.
//!
//! A filter cannot send bytes to the client, but it can change those that a server sends. So a heartbeat
//! with the id of the denied call goes to the server in the place of it, and the protocol's own answer goes
//! to the client in the place of that of the heartbeat.

use std::collections::BTreeMap;

use crate::command::{Command, HostStatus, Message};
use crate::protocol::{Plugin, ProtocolContext};

/// Calls of a connection that wait for their heartbeats at once.
const MAX: usize = 1024;
/// Bytes that their answers have together.
const MAX_BYTES: usize = 1 << 20;

/// What goes on in the place of a denied call and of what comes back for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StandIns {
    /// To the server.
    pub(super) heartbeat: Vec<u8>,
    /// To the client.
    pub(super) reply: Vec<u8>,
}

impl StandIns {
    /// Those of a call; `None` if the protocol has no heartbeats, or no answer to this call. An id that is no
    /// number has no heartbeat either.
    pub(super) fn of<P: Plugin>(
        context: &ProtocolContext<'_, P>,
        call: &P::View<'_>,
    ) -> Option<Self> {
        if call.opaque_id().is_some() {
            return None;
        }
        let heartbeat = P::keep_alive(context, call.id())?;
        let reply = P::hijack(context, call, HostStatus::PERMISSION_DENIED)?;
        // One with another id would be taken for the answer to another call.
        if [&heartbeat, &reply].map(Command::id) != [call.id(); 2] {
            context
                .log
                .error("the answer has a different id than its call");
            return None;
        }
        let bytes = |frame: &P::Frame| context.ok(frame.to_bytes()).map(Vec::from);
        Some(Self {
            heartbeat: bytes(&heartbeat)?,
            reply: bytes(&reply)?,
        })
    }
}

/// The replies that wait for the heartbeats in whose place they go to the client.
#[derive(Debug, Default)]
pub(super) struct Denials {
    replies: BTreeMap<u64, Vec<u8>>,
    bytes: usize,
}

impl Denials {
    /// Keeps the reply to a call; whether there is room for it, and no other waits by this id.
    pub(super) fn add(&mut self, id: u64, reply: Vec<u8>) -> bool {
        let bytes = self.bytes.saturating_add(reply.len());
        let fits = self.replies.len() < MAX && bytes <= MAX_BYTES;
        if !fits || self.replies.contains_key(&id) {
            return false;
        }
        self.bytes = bytes;
        self.replies.insert(id, reply);
        true
    }

    /// The heartbeat with this id was answered: the reply, if it was for a call.
    pub(super) fn take(&mut self, id: u64) -> Option<Vec<u8>> {
        let reply = self.replies.remove(&id)?;
        self.bytes = self.bytes.saturating_sub(reply.len());
        Some(reply)
    }

    /// How many calls wait.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.replies.len()
    }

    /// Forgets them all, and their memory.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_taken_once() {
        let mut denials = Denials::default();
        assert!(denials.add(7, vec![1; 10]));
        assert!(
            !denials.add(7, vec![2; 10]),
            "they would be indistinguishable"
        );
        assert_eq!(denials.take(7), Some(vec![1; 10]));
        assert_eq!((denials.take(7), denials.bytes), (None, 0));
    }

    #[test]
    fn replies_have_bounds() {
        let mut denials = Denials::default();
        let kept = (0..5000).filter(|id| denials.add(*id, vec![0])).count();
        assert_eq!((kept, denials.len()), (MAX, MAX));
        denials.forget();
        assert!(denials.add(1, vec![0; MAX_BYTES]));
        assert!(!denials.add(2, vec![0]));
        denials.take(1);
        assert!(denials.add(2, vec![0]));
    }
}
