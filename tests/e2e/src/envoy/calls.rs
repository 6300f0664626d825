//! Calls that the filter only watches.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::context::{Context, EnvoyProcess, NOTICE, eventually};
use meshwire_support::peers::{Call, CallOutcome, Load, PeerKind};

/// What must not have been counted where all went well.
const FAULTS: [&str; 5] = [
    "bad_frames",
    "large_frames",
    "bad_headers",
    "forgotten",
    "denied",
];

fn faultless(context: &Context, host: &EnvoyProcess) -> Result<()> {
    host.counts_none_of(&FAULTS)?;
    let stats = host.stats()?;
    // The server of `anthunder` answers the end of a connection too, with the id of its last call.
    let strays = match context.target.server {
        PeerKind::Python => stats.count("connections"),
        _ => 0,
    };
    let unmatched = stats.count("unmatched");
    ensure!(unmatched <= strays, "`unmatched` is {unmatched}");
    Ok(())
}

pub(super) fn sizes(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({}))?;
    let sizes = [1, 2, 64, 1000, 4096, 16_384, 65_536, 200 * 1024];
    for size in sizes {
        let call = Call::default().size(size).timeout(NOTICE);
        let answer = context.client()?.call(host.address(), &call)?;
        answer.ok().with_context(|| format!("{size} bytes"))?;
    }
    let count = sizes.len() as u64;
    host.counts(&context.protocol().call("echo", "requests"), count)?;
    host.counts(&context.protocol().went_well("echo"), count)?;
    host.counts("connections", 1)?;
    faultless(context, &host)
}

/// Calls of a load.
const CALLS: usize = 200;

pub(super) fn load(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({"access_log": "info"}))?;
    let load = Load {
        calls: CALLS,
        callers: 20,
        ..Load::default()
    };
    context.client()?.load(host.address(), &load)?.complete()?;
    let calls = CALLS as u64;
    host.counts(&context.protocol().went_well("echo"), calls)?;
    host.counts("frames.request", calls)?;
    let service = context.protocol().facts.service;
    let line = format!("call service={service} method=echo id=");
    eventually("a line for each call", || {
        Ok(host.count_lines(&line) == CALLS)
    })?;
    faultless(context, &host)
}

pub(super) fn latency(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({}))?;
    let slow = Call::of("slow").delay(Duration::from_millis(400));
    context
        .client()?
        .call(host.address(), &slow.timeout(NOTICE))?
        .ok()?;
    let name = context.protocol().call("slow", "latency_us");
    let mut found = None;
    eventually("the latency", || {
        found = host.stats()?.largest(&name);
        Ok(found.is_some())
    })?;
    let micros = found.unwrap_or_default();
    ensure!((360_000.0..2_000_000.0).contains(&micros), "{micros} µs");
    faultless(context, &host)
}

pub(super) fn errors(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({}))?;
    let client = context.client()?;
    for call in [Call::of("fail"), Call::of("missing")] {
        let direct = client.call(server.address(), &call)?;
        let answer = client.call(host.address(), &call)?;
        ensure!(
            answer.outcome == CallOutcome::Error,
            "no error but {answer:?}"
        );
        let (found, wanted) = (answer.bare(), direct.bare());
        ensure!(found == wanted, "`{found}` instead of `{wanted}`");
        host.counts(&context.protocol().call(&call.method, "requests"), 1)?;
        if let Some(status) = answer.status {
            let name = context
                .protocol()
                .call(&call.method, &format!("status.{status}"));
            host.counts(&name, 1)?;
        }
    }
    client.call(host.address(), &Call::default())?.ok()?;
    faultless(context, &host)
}

pub(super) fn one_way(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({}))?;
    let client = context.client()?;
    for _ in 0..5 {
        client.oneway(host.address(), &Call::default())?.ok()?;
        client.call(host.address(), &Call::default())?.ok()?;
    }
    host.counts("frames.oneway", 5)?;
    host.counts(&context.protocol().call("fire", "oneway"), 5)?;
    client.disconnect(host.address())?;
    let mut arrived = 0;
    eventually("the one-way calls", || {
        arrived += server.seen()?.oneways;
        Ok(arrived == 5)
    })?;
    host.counts("unanswered", 0)?;
    faultless(context, &host)
}

pub(super) fn heartbeat(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({}))?;
    let client = context.client()?;
    for _ in 0..3 {
        client.heartbeat(host.address())?.ok()?;
    }
    client.call(host.address(), &Call::default())?.ok()?;
    host.counts("frames.request", 1)?;
    let stats = host.stats()?;
    // Some send their own too.
    let (asked, answered) = (
        stats.count("frames.heartbeat"),
        stats.count("frames.heartbeat_ack"),
    );
    ensure!(
        asked >= 3 && answered >= 3,
        "{asked} heartbeats, {answered} answers"
    );
    faultless(context, &host)
}

pub(super) fn restart(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let address = server.address();
    let host = context.host(address, &json!({}))?;
    let client = context.client()?;
    let short = Call::default().timeout(Duration::from_secs(1));
    client.call(host.address(), &short)?.ok()?;
    server.stop()?;
    // Some libraries answer on open connections for a moment.
    eventually("an error", || {
        Ok(client.call(host.address(), &short)?.outcome == CallOutcome::Error)
    })?;
    let server = context
        .fleet()
        .peer(context.target.server)?
        .serve_at(address)?;
    eventually("an answer", || {
        Ok(client.call(host.address(), &short)?.outcome == CallOutcome::Ok)
    })?;
    ensure!(server.seen()?.calls > 0, "the server has seen nothing");
    host.counts("bad_frames", 0)
}
