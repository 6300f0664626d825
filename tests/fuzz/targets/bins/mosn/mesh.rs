//! A proxy between clients and servers that send anything at any time.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use bytes::Bytes;
use fuzz_targets::edits::answer;
use fuzz_targets::input::Input;
use meshwire::{Command, MessageKind, Plugin, PoolMode, Verdict, View};
use meshwire_testing::emulator::{Failure, HostPanic, Native, NativeGuest, Peer, Route, Sidecar};

use super::Settings;
use super::calls::is_refusal;

/// Clients that there are at most.
const CLIENTS: usize = 3;

struct Proxy<P> {
    plugin: PhantomData<P>,
    mesh: Sidecar<NativeGuest>,
    clients: Vec<Client>,
}

/// A client, and all that went to and fro.
struct Client {
    peer: Peer,
    sent: Vec<u8>,
    received: Vec<u8>,
}

pub(super) fn run<P: Plugin>(settings: Settings, mut input: Input<'_>) {
    let mesh = Sidecar::start(Native::<P>::new(), &settings.options());
    let mut proxy = Proxy {
        plugin: PhantomData::<P>,
        mesh: mesh.unwrap_or_else(|trap| panic!("{trap}")),
        clients: Vec::new(),
    };
    while !input.is_empty() {
        proxy.step(&mut input);
    }
    proxy.mesh.pass(200_000);
    proxy.collect();
    for failure in proxy.mesh.failures() {
        match failure {
            Failure::HostPanic(HostPanic::RequestFromServer) => {}
            failure => is_refusal(failure),
        }
    }
    for client in &proxy.clients {
        client.got_its_own::<P>();
    }
}

impl<P: Plugin> Proxy<P> {
    fn step(&mut self, input: &mut Input<'_>) {
        match input.byte() {
            0 => self.call(input),
            1 => self.answer(input),
            2 => {
                if let Some(server) = self.mesh.server() {
                    self.mesh.send(server, input.text());
                }
            }
            3 => self.mesh.pass(u64::from(input.short()) * 10),
            4 => {
                let client = self.client(input);
                let peer = self.clients[client].peer;
                self.mesh.close(peer);
            }
            5 => {
                if let Some(server) = self.mesh.server() {
                    self.mesh.close(server);
                }
            }
            6 => self.mesh.break_writes(input.byte().into()),
            7 => self.policy(input),
            _ => {}
        }
        self.collect();
    }

    /// One of the clients, or a new one.
    fn client(&mut self, input: &mut Input<'_>) -> usize {
        let client = usize::from(input.byte()) % CLIENTS;
        if let Some(client) = (client < self.clients.len()).then_some(client) {
            return client;
        }
        self.clients.push(Client {
            peer: self.mesh.client(),
            sent: Vec::new(),
            received: Vec::new(),
        });
        self.clients.len() - 1
    }

    /// A client sends something.
    fn call(&mut self, input: &mut Input<'_>) {
        let client = self.client(input);
        let bytes = input.text();
        let client = &mut self.clients[client];
        client.sent.extend_from_slice(bytes);
        self.mesh.send(client.peer, bytes);
    }

    /// The server answers all that it has got: with the answer of the input that fits, or with any.
    fn answer(&mut self, input: &mut Input<'_>) {
        let example = input.text();
        let Some(server) = self.mesh.server() else {
            return;
        };
        let received = self.mesh.received(server);
        let mut rest = received.as_slice();
        while let Verdict::Frame(call) = P::parse(rest) {
            if let Some(answer) = answer::<P>(&call, example) {
                self.mesh.send(server, &answer);
            }
            rest = &rest[call.raw().len()..];
        }
        assert!(rest.is_empty(), "{:?} goes to a server", P::measure(rest));
    }

    fn policy(&mut self, input: &mut Input<'_>) {
        let policy = &mut self.mesh.policy;
        policy.route = match input.short() {
            0 => Route::Forward,
            status => Route::Hijack {
                status: status.into(),
                body: Bytes::copy_from_slice(input.short_text()),
            },
        };
        let bits = input.byte();
        policy.pool =
            [PoolMode::Multiplex, PoolMode::PingPong, PoolMode::Tcp][usize::from(bits % 3)];
        policy.retries = (bits >> 2 & 3).into();
        policy.try_timeout = (bits >> 4 & 1 != 0).then_some(100);
    }

    fn collect(&mut self) {
        for client in &mut self.clients {
            client.received.extend(self.mesh.received(client.peer));
        }
    }
}

impl Client {
    /// What a client gets are whole frames, and each answer has the id of a call of its own that has no other
    /// answer.
    fn got_its_own<P: Plugin>(&self) {
        let mut open = BTreeMap::<_, usize>::new();
        let mut rest = self.sent.as_slice();
        while let Verdict::Frame(frame) = P::parse(rest) {
            let answer = match frame.kind() {
                MessageKind::Request => Some(MessageKind::Response),
                MessageKind::Heartbeat => Some(MessageKind::HeartbeatAck),
                _ => None,
            };
            if let Some(answer) = answer {
                *open.entry((answer.name(), frame.id())).or_default() += 1;
            }
            rest = &rest[frame.raw().len()..];
        }
        let mut rest = self.received.as_slice();
        while let Verdict::Frame(frame) = P::parse(rest) {
            let calls = open.get_mut(&(frame.kind().name(), frame.id()));
            let calls = calls.filter(|calls| **calls > 0);
            let calls = calls.unwrap_or_else(|| {
                panic!("no request for {} {:#x}", frame.kind().name(), frame.id())
            });
            *calls -= 1;
            rest = &rest[frame.raw().len()..];
        }
        assert!(rest.is_empty(), "{:?} goes to a client", P::measure(rest));
    }
}
