//! Kafka: clients connect to the address that a broker names, so the broker names Envoy's. A call is a record that is
//! produced and consumed.

mod relay;
mod traffic;

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use meshwire_support::peers::{Call, CallOutcome, Load, PeerKind, Server};
use serde_json::{Value, json};

use self::relay::Relay;
use self::traffic::Traffic;
use super::context::{EnvoyProcess, NOTICE, eventually};
use crate::case::Case;
use crate::pair::{Pair, Protocol};

pub(super) const PROTOCOLS: &[Protocol<()>] = &[Protocol {
    plugin: "kafka",
    name: "x-kafka",
    facts: (),
    pairs: &[
        (PeerKind::GoKafka, PeerKind::GoKafka),
        (PeerKind::PythonKafka, PeerKind::GoKafka),
    ],
}];

pub(super) const CASES: &[Case<Pair<()>>] = &[
    case(
        "records",
        "200 records of 20 callers over several connections: each request and its answer is counted and paired",
        records,
    ),
    case(
        "pieces",
        "the same when both sides send a few bytes at a time",
        pieces,
    ),
    case("sizes", "records of 1 B to 200 KiB arrive", sizes),
    case(
        "errors",
        "what the broker refuses reaches the client as without the host",
        errors,
    ),
    case(
        "one-way",
        "records without an acknowledgement arrive, and are unanswered at the end",
        one_way,
    ),
    case(
        "large",
        "a frame that is too large passes without a rule, and does not with one",
        large,
    ),
    case(
        "deny",
        "a denied API does not arrive, its connection is closed, and other requests go on",
        deny,
    ),
    case(
        "killed",
        "a request whose broker goes away is unanswered, and the next broker serves",
        killed,
    ),
];

type Context<'s> = crate::context::Context<'s, Pair<()>>;

/// Each wait of a case has a timeout of its own; these are for libraries that are fetched and built first.
const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&Context) -> Result<()>,
) -> Case<Pair<()>> {
    Case::new(name, about, run).seconds(600)
}

// API keys of the protocol guide.
const PRODUCE: u16 = 0;
const FETCH: u16 = 1;
const METADATA: u16 = 3;
const API_VERSIONS: u16 = 18;
const DELETE_TOPICS: u16 = 20;

/// Pieces that are no pieces.
const WHOLE: usize = usize::MAX;

/// A broker, a relay in front of it, and a host in front of that, whose address the broker names.
struct Chain {
    server: Server,
    relay: Relay,
    host: EnvoyProcess,
}

impl Chain {
    /// Bytes to and from the broker come in pieces of this size.
    fn of(context: &Context, plugin: &Value, piece: usize) -> Result<Self> {
        let server = context.serve()?;
        let relay = Relay::to(server.address(), piece)?;
        let host = context.host(relay.address(), plugin)?;
        server.advertise(host.address())?;
        Ok(Self {
            server,
            relay,
            host,
        })
    }

    fn traffic(&self) -> Result<Traffic> {
        Traffic::read(&self.relay.streams())
    }
}

/// The filter logs each call.
fn logged() -> Value {
    json!({"access_log": "info"})
}

fn of_load(calls: usize) -> Load {
    Load {
        calls,
        callers: 20,
        connections: 4,
        ..Load::default()
    }
}

fn records(context: &Context) -> Result<()> {
    let chain = Chain::of(context, &logged(), WHOLE)?;
    let load = of_load(200);
    context
        .client()?
        .load(chain.host.address(), &load)?
        .complete()?;
    let seen = chain.server.seen()?.calls;
    ensure!(seen == load.calls, "{seen} records at the broker");
    let traffic = chain.traffic()?;
    for api in [PRODUCE, FETCH, METADATA, API_VERSIONS] {
        ensure!(traffic.count(api) > 0, "no request of the API {api}");
    }
    traffic.is_what_the_filter_saw(&chain.host)?;
    let connections = chain.relay.streams().len();
    ensure!(connections >= load.connections, "{connections} connections");
    chain.host.counts("connections", connections as u64)
}

/// No head of a frame comes at once.
const PIECE: usize = 7;

fn pieces(context: &Context) -> Result<()> {
    let chain = Chain::of(context, &logged(), PIECE)?;
    // What the client sends comes in pieces too, so the broker names this relay.
    let front = Relay::to(chain.host.address(), PIECE)?;
    chain.server.advertise(front.address())?;
    let load = of_load(40);
    context.client()?.load(front.address(), &load)?.complete()?;
    let seen = chain.server.seen()?.calls;
    ensure!(seen == load.calls, "{seen} records at the broker");
    chain.traffic()?.is_what_the_filter_saw(&chain.host)
}

fn sizes(context: &Context) -> Result<()> {
    let chain = Chain::of(context, &logged(), WHOLE)?;
    let client = context.client()?;
    for size in [1, 64, 4096, 65_536, 200 * 1024] {
        let call = Call::default().size(size).timeout(NOTICE);
        client.call(chain.host.address(), &call)?.ok()?;
    }
    client.disconnect(chain.host.address())?;
    chain.traffic()?.is_what_the_filter_saw(&chain.host)
}

fn errors(context: &Context) -> Result<()> {
    let chain = Chain::of(context, &json!({}), WHOLE)?;
    let client = context.client()?;
    for method in ["fail", "missing"] {
        let call = Call::of(method).timeout(Duration::from_millis(500));
        let direct = client.call(chain.server.address(), &call)?;
        let answer = client.call(chain.host.address(), &call)?;
        let (found, wanted) = (answer.bare(), direct.bare());
        ensure!(
            answer.outcome == CallOutcome::Error && found == wanted,
            "`{found}` instead of `{wanted}`"
        );
    }
    client.disconnect(chain.server.address())?;
    client.disconnect(chain.host.address())
}

fn one_way(context: &Context) -> Result<()> {
    let chain = Chain::of(context, &json!({}), WHOLE)?;
    let client = context.client()?;
    for _ in 0..5 {
        let answer = client.oneway(chain.host.address(), &Call::default())?;
        answer.ok()?;
    }
    let mut arrived = 0;
    eventually("the records", || {
        arrived += chain.server.seen()?.oneways;
        Ok(arrived == 5)
    })?;
    client.disconnect(chain.host.address())?;
    all_accounted_for(&chain.host, 5)
}

/// Nothing waits any more: each request has an answer or is unanswered, as `least` are.
fn all_accounted_for(host: &EnvoyProcess, least: u64) -> Result<()> {
    let mut found = (0, 0, 0);
    eventually("that no request waits", || {
        let stats = host.stats()?;
        let [requests, answers, unanswered] =
            ["frames.request", "frames.response", "unanswered"].map(|name| stats.count(name));
        found = (requests, answers, unanswered);
        Ok(requests == answers + unanswered && unanswered >= least)
    })
    .map_err(|error| anyhow!("{error}: {found:?} requests, answers, unanswered"))?;
    host.counts_none_of(&["bad_frames", "unmatched", "forgotten"])
}

fn large(context: &Context) -> Result<()> {
    const MAX: usize = 5000;
    let client = context.client()?;
    let small = Call::default().timeout(NOTICE);
    let large = Call::default()
        .size(10 * MAX)
        .timeout(Duration::from_secs(1));
    let watching = Chain::of(context, &json!({"max_frame": MAX}), WHOLE)?;
    let address = watching.host.address();
    client.call(address, &small)?.ok()?;
    client.call(address, &large)?.ok()?;
    client.call(address, &small)?.ok()?;
    client.disconnect(address)?;
    eventually("a count of the large frame", || {
        Ok(watching.host.stats()?.count("large_frames") > 0)
    })?;
    watching.host.counts("closed", 0)?;

    let rule = json!({"max_frame": MAX, "deny": [{"service": DELETE_TOPICS.to_string()}]});
    let judging = Chain::of(context, &rule, WHOLE)?;
    let address = judging.host.address();
    client.call(address, &small)?.ok()?;
    let answer = client.call(address, &large)?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    eventually("the next record", || {
        Ok(client.call(address, &small)?.outcome == CallOutcome::Ok)
    })?;
    client.disconnect(address)?;
    let streams = judging.relay.streams();
    let longest = streams.iter().flatten().map(Vec::len).max();
    ensure!(longest < Some(10 * MAX), "the large frame has arrived");
    eventually("a count of the large frame", || {
        let stats = judging.host.stats()?;
        Ok(stats.count("large_frames") > 0 && stats.count("closed") > 0)
    })
}

fn deny(context: &Context) -> Result<()> {
    let rule = json!({"access_log": "info", "deny": [{"service": DELETE_TOPICS.to_string()}]});
    let chain = Chain::of(context, &rule, WHOLE)?;
    let address = chain.host.address();
    let client = context.client()?;
    client.call(address, &Call::default())?.ok()?;
    let deletes = Call::of("fail").timeout(Duration::from_secs(1));
    let answer = client.call(address, &deletes)?;
    ensure!(
        answer.outcome == CallOutcome::Error && answer.status != Some(3),
        "the broker has answered: {answer:?}"
    );
    client.call(address, &Call::default())?.ok()?;
    client.disconnect(address)?;
    let traffic = chain.traffic()?;
    ensure!(traffic.count(DELETE_TOPICS) == 0, "the request has arrived");
    ensure!(traffic.count(PRODUCE) == 2, "{:?}", traffic.requests);
    chain.host.says("denied service=20 method=none")?;
    eventually("a count of the denied requests", || {
        let stats = chain.host.stats()?;
        // A client may try again.
        let [denied, closed] = ["denied", "closed"].map(|name| stats.count(name));
        Ok(denied > 0 && denied == closed)
    })?;
    chain.host.counts("bad_frames", 0)
}

fn killed(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let broker = server.address();
    let host = context.host(broker, &json!({}))?;
    server.advertise(host.address())?;
    let client = context.client()?;
    let address = host.address();
    client.call(address, &Call::default())?.ok()?;
    server.seen()?;
    let slow = Call::of("slow").delay(NOTICE).timeout(2 * NOTICE);
    let start = Instant::now();
    let answer = thread::scope(|scope| {
        let waiting = scope.spawn(|| client.call(address, &slow));
        eventually("the record", || Ok(server.seen()?.calls == 1))?;
        server.stop()?;
        let answer = waiting.join();
        answer.map_err(|_| anyhow!("the client panicked"))?
    })?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    let took = start.elapsed();
    ensure!(took < NOTICE, "it took {took:?} to give up");
    client.disconnect(address)?;
    let server = context.peer(context.target.server)?.serve_at(broker)?;
    server.advertise(host.address())?;
    let load = of_load(100);
    client.load(address, &load)?.complete()?;
    let seen = server.seen()?.calls;
    ensure!(seen == load.calls, "{seen} records at the broker");
    all_accounted_for(&host, 1)
}
