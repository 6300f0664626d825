//! Time, which passes only on request.

use meshwire::Bytes;

use super::connection::Waiting;
use super::exchange::{Lost, TIMED_OUT};
use super::{Peer, Sidecar};
use crate::emulator::Guest;

/// What happens at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A call has taken too long.
    Deadline(u64),
    /// An attempt of a call has taken too long.
    TryDeadline(u64),
    /// A server has not answered the heartbeat with this stream id.
    Missed(Peer, u64),
    /// A server has been quiet for too long.
    Quiet(Peer),
}

impl<G: Guest> Sidecar<G> {
    /// Lets so many milliseconds pass, with everything that happens in them, in its order.
    pub fn pass(&mut self, millis: u64) {
        let until = self.now.saturating_add(millis);
        while let Some((at, event)) = self.next_event().filter(|(at, _)| *at <= until) {
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = until;
    }

    fn next_event(&self) -> Option<(u64, Event)> {
        let exchanges = self.exchanges.iter().flat_map(|(number, exchange)| {
            let deadline = exchange.deadline.map(|at| (at, Event::Deadline(*number)));
            let attempt = exchange
                .try_deadline
                .map(|at| (at, Event::TryDeadline(*number)));
            [deadline, attempt].into_iter().flatten()
        });
        let open = self
            .connections
            .iter()
            .enumerate()
            .filter(|(_, connection)| connection.is_open());
        let servers =
            open.filter_map(|(peer, connection)| Some((Peer(peer), connection.server.as_ref()?)));
        let connections = servers.flat_map(|(peer, server)| {
            let heartbeats = server
                .streams
                .iter()
                .filter_map(move |(id, waiting)| match waiting {
                    Waiting::Heartbeat(until) => Some((*until, Event::Missed(peer, *id))),
                    Waiting::Exchange(_) => None,
                });
            let quiet = (server.quiet_since + self.policy.idle, Event::Quiet(peer));
            heartbeats.chain(server.keep_alive.then_some(quiet))
        });
        exchanges.chain(connections).min()
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Deadline(number) => {
                self.leave_server(number);
                self.hijack(number, TIMED_OUT, Bytes::new());
            }
            Event::TryDeadline(number) => {
                self.leave_server(number);
                self.try_again(number, Lost::Timeout);
            }
            Event::Missed(peer, id) => self.heartbeat_missed(peer, id),
            Event::Quiet(peer) => {
                let now = self.now;
                if let Some(server) = self.server_of(peer) {
                    server.quiet_since = now;
                }
                self.heartbeat(peer);
            }
        }
    }
}
