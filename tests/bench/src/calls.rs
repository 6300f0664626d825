//! The calls of a connection that are under way.

use std::collections::VecDeque;
use std::time::Instant;

use anyhow::{Result, anyhow};

use super::frames::{Protocol, Requests};

/// The ids of a connection, below the number of the connection.
const IDS: u32 = 1 << 24;

/// Calls without an answer.
pub(super) struct Calls {
    protocol: Protocol,
    /// The first id: no two connections have one in common.
    first: u32,
    asked: u32,
    open: VecDeque<Call>,
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) id: u32,
    /// When its request was sent, or was to be sent.
    pub(super) asked: Instant,
}

impl Calls {
    pub(super) fn of_connection(protocol: Protocol, at: usize) -> Self {
        Self {
            protocol,
            first: (at as u32).wrapping_mul(IDS),
            asked: 0,
            open: VecDeque::new(),
        }
    }

    /// How many wait.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    /// Begins the next one, and appends its request.
    pub(super) fn ask(&mut self, asked: Instant, requests: &Requests, out: &mut Vec<u8>) {
        let id = self.first + self.asked % IDS;
        self.asked = self.asked.wrapping_add(1);
        self.open.push_back(Call { id, asked });
        requests.write(id, out);
    }

    /// Ends the call that this frame is the answer to.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn answered(&mut self, frame: &[u8]) -> Result<Call> {
        let id = self.protocol.id(frame);
        // Most answers come in the order of their requests.
        let at = self.open.iter().position(|call| call.id == id);
        at.and_then(|at| self.open.remove(at))
            .ok_or_else(|| anyhow!("an answer to {id}, which no call waits for"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_nobody_is_an_error() {
        let requests = Requests::new(Protocol::Bolt, 16);
        let (mut calls, mut sent) = (Calls::of_connection(Protocol::Bolt, 2), Vec::new());
        for _ in 0..2 {
            sent.clear();
            calls.ask(Instant::now(), &requests, &mut sent);
        }
        let first = 2 << 24;
        assert_eq!(calls.answered(&sent).unwrap().id, first + 1);
        assert!(calls.answered(&sent).is_err(), "again");
        assert_eq!(calls.open(), 1);
        assert_eq!(calls.open[0].id, first);
    }
}
