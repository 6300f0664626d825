//! Calls on their way through the proxy.

use meshwire::Bytes;

use super::connection::{Connection, Server, Waiting};
use super::{Peer, Route, Sidecar};
use crate::emulator::{ContextId, DecodedFrame, EncodeInput, Failure, Guest, HijackInput};
use meshwire::protocol::PoolMode;

/// Answers of the host's own: the server has gone, or did not answer in time; nothing could be sent.
const SERVER_GONE: u32 = 500;
const SEND_FAILED: u32 = 502;
pub(super) const TIMED_OUT: u32 = 504;

/// How often the host sends again when a connection turns out to be closed, whatever the policy says.
const RECONNECTS: u32 = 3;

/// One call.
#[derive(Debug)]
pub(super) struct Exchange {
    client: Peer,
    /// The id under which the client knows the call.
    client_id: u64,
    /// The request as it is now; its ids shift with each attempt.
    request: EncodeInput,
    /// The bytes of the request as they came.
    raw: Bytes,
    /// The context that the request still has: its first encode deletes it.
    context: Option<ContextId>,
    /// The context that the host remembers for the call, deleted or not.
    remembered: ContextId,
    server: Option<(Peer, u64)>,
    /// Attempts made after the first one.
    retries: u32,
    /// When the client gets an answer in any case.
    pub(super) deadline: Option<u64>,
    /// When the request is sent again.
    pub(super) try_deadline: Option<u64>,
}

/// Why a request is sent again, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The connection was closed before anything was written.
    Write,
    /// The connection was closed while the request waited.
    Server,
    /// The attempt took too long.
    Timeout,
}

impl<G: Guest> Sidecar<G> {
    /// A client has sent a request.
    pub(super) fn start_exchange(&mut self, client: Peer, context: ContextId, frame: DecodedFrame) {
        let number = self.next_exchange;
        self.next_exchange += 1;
        let deadline = match frame.timeout() {
            0 => Some(self.now + self.policy.timeout),
            millis @ 1.. => Some(self.now + u64::from(millis.unsigned_abs())),
            ..0 => None,
        };
        let exchange = Exchange {
            client,
            client_id: frame.id,
            request: EncodeInput::forward(&frame, frame.id),
            raw: frame.raw,
            context: Some(context),
            remembered: context,
            server: None,
            retries: 0,
            deadline,
            try_deadline: None,
        };
        self.exchanges.insert(number, exchange);
        match self.policy.route.clone() {
            Route::Forward => {
                if let (Some(filter), Some(exchange)) =
                    (&mut self.request_filter, self.exchanges.get_mut(&number))
                {
                    filter(&mut exchange.request);
                }
                self.send_request(number);
            }
            Route::Hijack { status, body } => self.hijack(number, status, body),
        }
    }

    /// Sends the request to a server, for the first time or again.
    fn send_request(&mut self, number: u64) {
        let Some(server) = self.choose_server(number) else {
            return;
        };
        let Some(id) = self
            .server_of(server)
            .map(|server| Self::open_stream(server, Waiting::Exchange(number)))
        else {
            return;
        };
        let (now, try_timeout) = (self.now, self.policy.try_timeout);
        let Some(exchange) = self.exchanges.get_mut(&number) else {
            return;
        };
        exchange.server = Some((server, id));
        exchange.try_deadline = exchange
            .deadline
            .and(try_timeout)
            .map(|timeout| now + timeout);
        exchange.request.previous = exchange.request.id;
        exchange.request.id = id;
        let held = exchange.context;
        let context = held.unwrap_or(exchange.remembered);
        match self.emulator.encode(context, &exchange.request) {
            Ok(bytes) => {
                exchange.context = None;
                if held.is_some() {
                    self.delete(context);
                }
                if self.broken_writes > 0 {
                    self.broken_writes -= 1;
                    self.leave_server(number);
                    self.try_again(number, Lost::Write);
                } else {
                    self.write(server, &bytes);
                }
            }
            Err(failure @ (Failure::HostPanic(_) | Failure::InstanceLocked { .. })) => {
                self.failures.push(failure);
                self.drop_exchange(number);
            }
            Err(failure) => {
                self.failures.push(failure);
                self.leave_server(number);
                self.hijack(number, SEND_FAILED, Bytes::new());
            }
        }
    }

    /// A connection to a server that the request may use, opened if needed.
    fn choose_server(&mut self, number: u64) -> Option<Peer> {
        let client = self.exchanges.get(&number)?.client;
        let pool = self.policy.pool;
        let fits = |connection: &Connection| match (&connection.server, pool) {
            (Some(server), PoolMode::PingPong) => server.streams.is_empty(),
            (Some(server), PoolMode::Tcp) => server.client == Some(client),
            (server, PoolMode::Multiplex) => server.is_some(),
            (None, _) => false,
        };
        if let Some(found) = self
            .connections
            .iter()
            .position(|connection| connection.is_open() && fits(connection))
        {
            return Some(Peer(found));
        }
        let server = Server {
            client: (pool == PoolMode::Tcp).then_some(client),
            quiet_since: self.now,
            last_id: self.policy.first_id.saturating_sub(1),
            ..Server::default()
        };
        let peer = self.connect(Connection::server(server));
        let exchange = self.exchanges.get(&number)?;
        let context = (pool != PoolMode::Multiplex)
            .then_some(exchange.context.unwrap_or(exchange.remembered));
        self.detect_keep_alive(peer, context);
        Some(peer)
    }

    /// A server has answered.
    pub(super) fn finish_exchange(
        &mut self,
        number: u64,
        context: ContextId,
        frame: &DecodedFrame,
    ) {
        let Some(exchange) = self.end_exchange(number) else {
            return;
        };
        let mut response = EncodeInput::forward(frame, exchange.client_id);
        if let Some(filter) = &mut self.response_filter {
            filter(&mut response);
        }
        match self.emulator.encode(context, &response) {
            Ok(bytes) => {
                self.delete(context);
                self.write(exchange.client, &bytes);
            }
            // The client waits in vain.
            Err(failure) => self.failures.push(failure),
        }
    }

    /// The host answers instead of the server, and the call is over.
    pub(super) fn hijack(&mut self, number: u64, status: u32, body: Bytes) {
        let Some(exchange) = self.end_exchange(number) else {
            return;
        };
        let context = match exchange
            .context
            .map_or_else(|| self.emulator.new_protocol_context(), Ok)
        {
            Ok(context) => context,
            Err(failure) => return self.failures.push(failure),
        };
        let request = &exchange.request;
        let input = HijackInput {
            id: request.id,
            timeout: request.word,
            raw: exchange.raw,
        };
        let mut answer = EncodeInput::hijack(exchange.client_id, request.id);
        answer.data = body;
        let encoded = self
            .emulator
            .hijack(context, status, &input)
            .and_then(|()| self.emulator.encode(context, &answer));
        match encoded {
            Ok(bytes) => {
                self.delete(context);
                self.write(exchange.client, &bytes);
            }
            Err(failure) => self.failures.push(failure),
        }
        self.emulator.forget(context);
    }

    /// Sends a request once more, if it may be, or answers it.
    pub(super) fn try_again(&mut self, number: u64, lost: Lost) {
        let allowed = match lost {
            Lost::Write => self.policy.retries.max(RECONNECTS),
            Lost::Server | Lost::Timeout => self.policy.retries,
        };
        let Some(exchange) = self.exchanges.get_mut(&number) else {
            return;
        };
        exchange.try_deadline = None;
        if exchange.retries < allowed {
            exchange.retries += 1;
            return self.send_request(number);
        }
        let status = match lost {
            Lost::Write => SEND_FAILED,
            Lost::Server => SERVER_GONE,
            Lost::Timeout => TIMED_OUT,
        };
        self.hijack(number, status, Bytes::new());
    }

    /// The server of a call has gone.
    pub(super) fn server_lost(&mut self, number: u64) {
        if let Some(exchange) = self.exchanges.get_mut(&number) {
            exchange.server = None;
        }
        self.try_again(number, Lost::Server);
    }

    /// A client has gone: its calls are dropped without a word to the plugin.
    pub(super) fn client_lost(&mut self, client: Peer) {
        let lost: Vec<_> = self
            .exchanges
            .iter()
            .filter(|(_, exchange)| exchange.client == client)
            .map(|(number, _)| *number)
            .collect();
        for number in lost {
            self.drop_exchange(number);
        }
    }

    /// The server's response is no longer awaited; one that arrives is dropped.
    pub(super) fn leave_server(&mut self, number: u64) {
        let server = self
            .exchanges
            .get_mut(&number)
            .and_then(|exchange| exchange.server.take());
        let Some((peer, id)) = server else { return };
        if let Some(server) = self.server_of(peer) {
            server.streams.remove(&id);
        }
    }

    /// The call ends without an answer.
    fn drop_exchange(&mut self, number: u64) {
        if let Some(exchange) = self.end_exchange(number) {
            self.emulator.forget(exchange.remembered);
        }
    }

    /// Removes the call. The plugin keeps contexts that the host has not deleted.
    fn end_exchange(&mut self, number: u64) -> Option<Exchange> {
        self.leave_server(number);
        let exchange = self.exchanges.remove(&number)?;
        if exchange.context.is_none() {
            self.emulator.forget(exchange.remembered);
        }
        Some(exchange)
    }
}
