//! Third-party clients and servers, on both sides of the host.

use std::thread;

use anyhow::{Context as _, Result, anyhow, ensure};

use super::pools::ONE_MODE;
use super::talk::{Talk, eventually};
use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::peers::{Call, Load, Peer, PeerKind};

pub(super) const CASES: &[Case<Subject>] = &[
    load_case("client-java-java", |context| {
        load(context, PeerKind::JavaBolt, PeerKind::JavaBolt)
    }),
    load_case("client-java-node", |context| {
        load(context, PeerKind::JavaBolt, PeerKind::NodeBolt)
    }),
    load_case("client-node-java", |context| {
        load(context, PeerKind::NodeBolt, PeerKind::JavaBolt)
    }),
    load_case("client-python-java", |context| {
        load(context, PeerKind::Python, PeerKind::JavaBolt)
    }),
    load_case("client-java-python", |context| {
        load(context, PeerKind::JavaBolt, PeerKind::Python)
    }),
    load_case("client-rpc-java-java", |context| {
        load(context, PeerKind::JavaRpc, PeerKind::JavaRpc)
    }),
    load_case("client-rpc-java-node", |context| {
        load(context, PeerKind::JavaRpc, PeerKind::NodeRpc)
    }),
    load_case("client-rpc-node-java", |context| {
        load(context, PeerKind::NodeRpc, PeerKind::JavaRpc)
    }),
    Case::new(
        "client-all-at-once",
        "Java, Node and Python clients through one host to one Java server",
        all_at_once,
    )
    .seconds(120),
    Case::new(
        "client-sizes",
        "bodies of 1 B to 1 MiB between Java, Node and Python",
        |context| bolt(context, &PAIRS).sizes(),
    )
    .seconds(120),
    Case::new(
        "client-errors",
        "exceptions, unknown methods and services reach each client as without the host",
        |context| bolt(context, &PAIRS).errors(),
    )
    .seconds(120),
    Case::new(
        "client-headers",
        "a Java server sees headers that the route adds, changes and removes",
        headers,
    ),
    Case::new(
        "client-heartbeat",
        "heartbeats of Java and Node clients are answered by the host",
        heartbeat,
    ),
    Case::new(
        "client-heartbeat-upstream",
        "a Java server gets and answers the host's heartbeats",
        heartbeat_upstream,
    ),
    Case::new(
        "client-oneway",
        "one-way calls of Java clients reach Java servers",
        one_way,
    ),
    Case::new(
        "client-ping-pong",
        "1,000 calls with the pool ping-pong, Java to Java",
        |context| pool(context, "ping-pong"),
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
    Case::new(
        "client-tcp",
        "1,000 calls with the pool tcp, Java to Java",
        |context| pool(context, "tcp"),
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
    Case::new(
        "client-hidden-body",
        "1,000 calls with body=hidden, Node to Java",
        hidden,
    )
    .unless(|subject| {
        subject
            .target
            .unless_meshwire("a setting of meshwire's plugins")
    }),
];

/// 1,000 calls take a second; fetching and starting the peers is in it the first time.
const fn load_case(name: &'static str, run: fn(&Context) -> Result<()>) -> Case<Subject> {
    let about = "1,000 calls of 50 callers on 2 connections, each with its own answer";
    Case::new(name, about, run).seconds(300)
}

fn load(context: &Context, client: PeerKind, server: PeerKind) -> Result<()> {
    through(context, "", client, server)
}

/// 1,000 calls through a host with these flags.
fn through(context: &Context, flags: &str, client: PeerKind, server: PeerKind) -> Result<()> {
    bolt(context, &[(client, server)]).load(flags)
}

/// The codec under test, between these.
fn bolt<'b>(context: &'b Context<'b>, pairs: &[(PeerKind, PeerKind)]) -> Talk<'b> {
    Talk {
        context,
        codec: context.codec().clone(),
        pairs: pairs.to_vec(),
    }
}

fn all_at_once(context: &Context) -> Result<()> {
    let server = context.peer(PeerKind::JavaBolt)?.serve()?;
    let host = context.host("", &[server.address()])?;
    let clients =
        [PeerKind::JavaBolt, PeerKind::NodeBolt, PeerKind::Python].map(|kind| context.peer(kind));
    let clients = clients.into_iter().collect::<Result<Vec<_>>>()?;
    let load = Load {
        calls: 400,
        callers: 20,
        size: 300,
        ..Load::default()
    };
    let target = host.client();
    thread::scope(|scope| {
        let start = |client: &Peer| {
            let (client, load) = (client.clone(), &load);
            scope.spawn(move || {
                let result = client.load(target, load)?.complete();
                result.with_context(|| format!("the client `{}`", client.kind()))
            })
        };
        let running: Vec<_> = clients.into_iter().map(start).collect();
        running
            .into_iter()
            .try_for_each(|client| client.join().map_err(|_| anyhow!("a client panicked"))?)
    })?;
    let seen = server.seen()?;
    ensure!(
        seen.calls == 3 * load.calls,
        "the server did not get each call once"
    );
    Ok(())
}

/// Pairs that understand each other; every kind is a client of one and a server of one.
const PAIRS: [(PeerKind, PeerKind); 5] = [
    (PeerKind::JavaBolt, PeerKind::NodeBolt),
    (PeerKind::NodeBolt, PeerKind::Python),
    (PeerKind::Python, PeerKind::JavaBolt),
    (PeerKind::JavaRpc, PeerKind::NodeRpc),
    (PeerKind::NodeRpc, PeerKind::JavaRpc),
];

fn headers(context: &Context) -> Result<()> {
    let server = context.peer(PeerKind::JavaBolt)?.serve()?;
    let flags = "--add-header new=1 --set-header old=2 --remove-header gone \
                 --add-response-header by=mosn";
    let host = context.host(flags, &[server.address()])?;
    let call = Call::default()
        .header("old", "x")
        .header("gone", "y")
        .header("kept", "z");
    let answer = context
        .peer(PeerKind::JavaBolt)?
        .call(host.client(), &call)?;
    answer.ok()?;
    let seen = server
        .seen()?
        .headers
        .pop()
        .context("the server saw no call")?;
    for (name, wanted) in [
        ("new", Some("1")),
        ("old", Some("2")),
        ("gone", None),
        ("kept", Some("z")),
        ("service", Some(Call::SERVICE)),
    ] {
        let found = seen.get(name).map(String::as_str);
        ensure!(found == wanted, "the server saw `{name}` as {found:?}");
    }
    let back = answer.headers.context("the client does not show headers")?;
    ensure!(
        back.get("by").is_some_and(|by| by == "mosn"),
        "the client did not see `by`"
    );
    Ok(())
}

fn heartbeat(context: &Context) -> Result<()> {
    let pairs = [PeerKind::JavaBolt, PeerKind::NodeBolt].map(|client| (client, PeerKind::JavaBolt));
    bolt(context, &pairs).heartbeat()
}

fn heartbeat_upstream(context: &Context) -> Result<()> {
    let server = context.peer(PeerKind::JavaBolt)?.serve()?;
    let host = context.host("--one-hop --keep-alive 200ms", &[server.address()])?;
    let client = context.peer(PeerKind::JavaBolt)?;
    client.call(host.client(), &Call::default())?.ok()?;
    let mut beats = 0;
    // More than the host would miss before it gave the connection up.
    eventually(context.limit(), &server, |seen| {
        beats += seen.heartbeats.unwrap_or(0);
        beats >= 10
    })
    .context("the server's heartbeats")?;
    client.call(host.client(), &Call::default())?.ok()
}

fn one_way(context: &Context) -> Result<()> {
    let pairs = [PeerKind::JavaBolt, PeerKind::JavaRpc].map(|kind| (kind, kind));
    bolt(context, &pairs).one_way()
}

fn pool(context: &Context, pool: &str) -> Result<()> {
    let flags = format!("--pool {pool}");
    through(context, &flags, PeerKind::JavaBolt, PeerKind::JavaBolt)
}

fn hidden(context: &Context) -> Result<()> {
    let flags = "--set body=hidden --add-header zone=blue";
    through(context, flags, PeerKind::NodeBolt, PeerKind::JavaBolt)
}
