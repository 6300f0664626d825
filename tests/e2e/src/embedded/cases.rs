//! What is tried with every pair of a protocol.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};

use super::faults;
use super::protocols::Facts;
use crate::case::{Case, Lacks};
use crate::pair::Pair;
use meshwire_support::peers::{Call, CallOutcome, Load, Peer, Server};

pub(super) const CASES: &[Case<Pair<Facts>>] = &[
    case("sizes", "bodies of 1 B to 200 KiB", sizes),
    case(
        "load",
        "200 calls of 20 callers, over one connection to the server",
        load,
    ),
    case(
        "equal-ids",
        "two clients with the same ids at the same time, each with its own answers",
        equal_ids,
    ),
    case(
        "errors",
        "exceptions and unknown methods reach the client as without the proxy",
        errors,
    ),
    case(
        "headers",
        "the server sees the client's headers, and what the host changes in them",
        headers,
    ),
    case("one-way", "one-way calls arrive once", one_way),
    case(
        "heartbeat",
        "heartbeats of the client are answered",
        heartbeat,
    ),
    case(
        "keep-alive",
        "the server gets heartbeats of the host when it is idle, and keeps the connection",
        keep_alive,
    ),
    case(
        "timeout",
        "a slow call is given up, and its late answer dropped",
        faults::timeout,
    ),
    case(
        "no-server",
        "the client gets an error that it understands, and its connection lives on",
        faults::no_server,
    ),
    case(
        "restart",
        "the server goes away and comes back",
        faults::restart,
    ),
    case(
        "killed",
        "a call whose server goes away has the status that the protocol has for it, at once",
        faults::killed,
    ),
];

pub(super) type Context<'s> = crate::context::Context<'s, Pair<Facts>>;

/// Each wait of a case has a timeout of its own; these are for libraries that are fetched and built first.
const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&Context) -> Result<()>,
) -> Case<Pair<Facts>> {
    Case::new(name, about, run).seconds(600)
}

/// The longest that something may take which happens by itself.
pub(super) const NOTICE: Duration = Duration::from_secs(5);
pub(super) const LOOK: Duration = Duration::from_millis(5);

fn sizes(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &[])?;
    let largest = context.target.client.largest_content();
    let sizes = [1, 2, 64, 1000, 4096, 16_384, 65_536, 200 * 1024].map(|size| largest.min(size));
    for size in sizes {
        let call = Call::default().size(size).timeout(NOTICE);
        let answer = context.client()?.call(proxy.address(), &call)?;
        answer.ok().with_context(|| format!("{size} bytes"))?;
    }
    let seen = server.seen()?;
    ensure!(seen.calls == sizes.len(), "the server has seen {seen:?}");
    proxy.healthy().map(drop)
}

/// Calls of a load.
const CALLS: usize = 200;

fn calls(size: usize) -> Load {
    Load {
        calls: CALLS,
        callers: 20,
        size,
        ..Load::default()
    }
}

fn load(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &[])?;
    let summary = context.client()?.load(proxy.address(), &calls(128))?;
    summary.complete()?;
    let seen = server.seen()?;
    ensure!(
        seen.calls == CALLS,
        "the server has seen {} calls",
        seen.calls
    );
    let seen = proxy.healthy()?;
    ensure!(
        seen.servers == 1,
        "{} connections to the server",
        seen.servers
    );
    Ok(())
}

fn equal_ids(context: &Context) -> Result<()> {
    // Whatever counts its ids starts anew with its process.
    let clients = [
        context.fleet().fresh(context.target.client, "one")?,
        context.fleet().fresh(context.target.client, "two")?,
    ];
    let server = context.serve()?;
    let ids = at_once(&clients, &server, server.address()).context("without the proxy")?;
    if ids == Some(2 * CALLS) {
        return Err(Lacks("clients of this library have no ids in common").into());
    }
    let proxy = context.proxy(server.address(), &[])?;
    if let Some(ids) = at_once(&clients, &server, proxy.address())? {
        ensure!(
            ids == 2 * CALLS,
            "{} calls reached the server with {ids} ids",
            2 * CALLS
        );
    }
    let seen = proxy.healthy()?;
    ensure!(
        seen.servers == 1,
        "{} connections to the server",
        seen.servers
    );
    Ok(())
}

/// Lets both make their calls; with how many ids they reached the server, if it reports them.
fn at_once(clients: &[Peer; 2], server: &Server, target: SocketAddr) -> Result<Option<usize>> {
    let results = thread::scope(|scope| {
        // Contents of the same calls are of different sizes: no answer fits both.
        let running = clients.iter().zip([128, 136]).map(|(client, size)| {
            scope.spawn(move || client.load(target, &calls(size))?.complete())
        });
        let running: Vec<_> = running.collect();
        let results = running.into_iter().map(|client| {
            let result = client.join();
            result.map_err(|_| anyhow!("a client panicked"))?
        });
        results.collect::<Vec<Result<()>>>()
    });
    results.into_iter().collect::<Result<()>>()?;
    let seen = server.seen()?;
    ensure!(
        seen.calls == 2 * CALLS,
        "the server has seen {} calls",
        seen.calls
    );
    Ok(seen
        .ids
        .map(|ids| ids.into_iter().collect::<HashSet<_>>().len()))
}

fn errors(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &[])?;
    let client = context.client()?;
    for call in [Call::of("fail"), Call::of("missing")] {
        let direct = client.call(server.address(), &call)?;
        ensure!(
            direct.outcome == CallOutcome::Error,
            "no error without the proxy either"
        );
        let answer = client.call(proxy.address(), &call)?;
        let (found, wanted) = (answer.bare(), direct.bare());
        ensure!(found == wanted, "`{found}` instead of `{wanted}`");
    }
    client.call(proxy.address(), &Call::default())?.ok()?;
    proxy.healthy().map(drop)
}

fn headers(context: &Context) -> Result<()> {
    let header = context
        .protocol()
        .facts
        .header
        .ok_or(Lacks("the protocol has no headers that the plugin writes"))?;
    let server = context.serve()?;
    let edit = format!("{}=blue", header.name);
    let proxy = context.proxy(server.address(), &["--set-header", &edit])?;
    let call = Call::default().header(header.of_client, "a b");
    context.client()?.call(proxy.address(), &call)?.ok()?;
    let seen = server.seen()?.headers.pop();
    let seen = seen.context("the server has seen nothing")?;
    for (name, wanted) in [(header.of_client, "a b"), (header.at_server, "blue")] {
        let found = seen.get(name).map(String::as_str);
        ensure!(found == Some(wanted), "`{name}` arrived as {found:?}");
    }
    proxy.healthy().map(drop)
}

fn one_way(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &["--timeout", "200"])?;
    let client = context.client()?;
    for _ in 0..5 {
        client.oneway(proxy.address(), &Call::default())?.ok()?;
        client.call(proxy.address(), &Call::default())?.ok()?;
    }
    let mut arrived = 0;
    eventually("the one-way calls", || {
        arrived += server.seen()?.oneways;
        Ok(arrived >= 5)
    })?;
    ensure!(arrived == 5, "{arrived} of 5 one-way calls arrived");
    // The host waits for answers to them all the same. When it gives up, nothing may come of it.
    eventually("that no call waits", || Ok(proxy.seen()?.waiting == 0))?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    proxy.healthy().map(drop)
}

fn heartbeat(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &[])?;
    let client = context.client()?;
    for _ in 0..3 {
        client.heartbeat(proxy.address())?.ok()?;
        client.call(proxy.address(), &Call::default())?.ok()?;
    }
    let seen = server.seen()?;
    let wanted = if context.protocol().facts.heartbeats {
        0
    } else {
        3
    };
    if let Some(heartbeats) = seen.heartbeats {
        ensure!(
            heartbeats == wanted,
            "the server has seen {heartbeats} heartbeats instead of {wanted}"
        );
    }
    ensure!(seen.calls == 3, "the server has seen {} calls", seen.calls);
    proxy.healthy().map(drop)
}

/// The host gives a connection up after this many heartbeats without an answer.
const TOLERATED: usize = 6;

fn keep_alive(context: &Context) -> Result<()> {
    if !context.protocol().facts.heartbeats {
        return Err(Lacks("the protocol has no heartbeats").into());
    }
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &["--keep-alive", "20"])?;
    let client = context.client()?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let mut heartbeats = 0;
    eventually("heartbeats", || {
        heartbeats += server.seen()?.heartbeats.unwrap_or(0);
        Ok(heartbeats > 2 * TOLERATED)
    })?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let seen = proxy.healthy()?;
    ensure!(
        seen.servers == 1,
        "{} connections to the server",
        seen.servers
    );
    Ok(())
}

/// Looks until it is so.
pub(super) fn eventually(what: &str, mut so: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + NOTICE;
    while !so()? {
        ensure!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(LOOK);
    }
    Ok(())
}
