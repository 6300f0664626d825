//! Peers that send anything through the filter, by the model of its host.

use core::time::Duration;

use fuzz_targets::edits::answer;
use fuzz_targets::input::Input;
use fuzz_targets::sides::Sender;
use meshwire::{Command, MessageKind, Plugin, Verdict, View};
use meshwire_testing::emulator::envoy::{DEFAULT_CLUSTER, Envoy, Peer};

use super::rules::Rules;

/// Connections that there are at most.
const CONNECTIONS: usize = 2;

struct Passage<'r, P: Plugin> {
    rules: &'r Rules,
    envoy: Envoy<P>,
    connections: Vec<Connection>,
}

/// A connection, and all that has gone through it.
struct Connection {
    client: Peer,
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    /// Bytes for the server that it has answered.
    answered: usize,
}

pub(super) fn run<P: Plugin>(rules: &Rules, mut input: Input<'_>) {
    let envoy = Envoy::start(&rules.config());
    let mut passage = Passage::<P> {
        rules,
        envoy: envoy.unwrap_or_else(|refusal| panic!("{refusal}")),
        connections: Vec::new(),
    };
    while !input.is_empty() {
        passage.step(&mut input);
    }
    assert_eq!(passage.envoy.trap(), None);
}

impl<P: Plugin> Passage<'_, P> {
    fn step(&mut self, input: &mut Input<'_>) {
        let (what, at) = (input.byte(), usize::from(input.byte()) % CONNECTIONS);
        if at >= self.connections.len() {
            self.connections.push(Connection {
                client: self.envoy.client(),
                to_server: Vec::new(),
                to_client: Vec::new(),
                answered: 0,
            });
        }
        let at = at.min(self.connections.len() - 1);
        let client = self.connections[at].client;
        let server = self.envoy.server(client);
        match (what, server) {
            (0, _) => self.send(client, input),
            (1, Some(server)) => self.send(server, input),
            (2, Some(server)) => self.answer(at, server, input.text()),
            (3, _) => self.envoy.finish(client),
            (4, Some(server)) => self.envoy.finish(server),
            (5, _) => self.envoy.close(client),
            (6, _) => self.envoy.pass(Duration::from_millis(input.short().into())),
            _ => {}
        }
        self.collect(at);
    }

    fn send(&mut self, peer: Peer, input: &mut Input<'_>) {
        let size = input.byte();
        let size = if size == 0 { usize::MAX } else { size.into() };
        self.envoy.send_in_chunks(peer, input.text(), size);
    }

    /// The server answers what it has not answered yet.
    fn answer(&mut self, at: usize, server: Peer, example: &[u8]) {
        let connection = &mut self.connections[at];
        let mut answers = Vec::new();
        while let Some(Verdict::Frame(call)) = connection
            .to_server
            .get(connection.answered..)
            .map(P::parse)
        {
            answers.extend(answer::<P>(&call, example).unwrap_or_default());
            connection.answered += call.raw().len();
        }
        self.envoy.send(server, &answers);
    }

    fn collect(&mut self, at: usize) {
        let connection = &mut self.connections[at];
        let client = connection.client;
        connection.to_client.extend(self.envoy.received(client));
        if let Some(server) = self.envoy.server(client) {
            connection.to_server.extend(self.envoy.received(server));
            let cluster = self.envoy.cluster(client);
            assert!(
                matches!(cluster, Some(DEFAULT_CLUSTER | "blue")),
                "{cluster:?}"
            );
        }
        may_pass::<P>(self.rules, Sender::Client, &connection.to_server);
        may_pass::<P>(self.rules, Sender::Server, &connection.to_client);
    }
}

/// With rules, what has got through are whole frames, and none of them is a call that must not.
fn may_pass<P: Plugin>(rules: &Rules, sender: Sender, stream: &[u8]) {
    if !rules.deny() {
        return;
    }
    let mut rest = stream;
    while let Verdict::Frame(frame) = sender.parse::<P>(rest) {
        let is_call = matches!(frame.kind(), MessageKind::Request | MessageKind::OneWay);
        // What hosts leave alone is no call of the side that such frames are of.
        let is_call = is_call && !(frame.is_verbatim() && sender == Sender::Client);
        assert!(
            !is_call || !rules.forbid(&frame),
            "{:02x?} has got through, in spite of {}",
            frame.raw(),
            rules.config()
        );
        rest = &rest[frame.raw().len()..];
    }
    let rest = (!rest.is_empty()).then(|| sender.measure::<P>(rest));
    assert_eq!(rest, None, "has got through");
}
