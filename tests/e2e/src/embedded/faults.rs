//! What becomes of calls whose server is slow or away.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use super::cases::{Context, LOOK, NOTICE, eventually};
use super::protocols::Statuses;
use super::proxy::Proxy;
use crate::case::Lacks;
use meshwire_support::peers::{Answer, Call, CallOutcome, Peer, Seen};
use meshwire_support::ports;

pub(super) fn timeout(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &["--timeout", "300"])?;
    let client = context.client()?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let timeout = if context
        .protocol()
        .facts
        .untimed
        .contains(&context.target.client)
    {
        NOTICE
    } else {
        // The client gives up at the same time.
        Duration::from_millis(300)
    };
    let slow = Call::of("slow").delay(Duration::from_millis(1500));
    let start = Instant::now();
    let answer = client.call(proxy.address(), &slow.clone().timeout(timeout))?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    has_status(context, &answer, |statuses| statuses.timeout)?;
    eventually("that no call waits", || Ok(proxy.seen()?.waiting == 0))?;
    let took = start.elapsed();
    ensure!(took < slow.delay, "it took {took:?} to give up");
    // With the late answer in between.
    while start.elapsed() < slow.delay + Duration::from_millis(300) {
        if context.protocol().facts.serial {
            thread::sleep(LOOK);
        } else {
            quick(client, &proxy)?;
        }
    }
    quick(client, &proxy)?;
    proxy.healthy().map(drop)
}

fn quick(client: &Peer, proxy: &Proxy) -> Result<()> {
    let call = Call::default().timeout(NOTICE);
    client.call(proxy.address(), &call)?.ok()
}

pub(super) fn no_server(context: &Context) -> Result<()> {
    let closed_port = ports::free()?;
    let proxy = context.proxy(closed_port, &[])?;
    let client = context.client()?;
    for _ in 0..2 {
        let start = Instant::now();
        let answer = client.call(proxy.address(), &Call::default().timeout(NOTICE))?;
        ensure!(
            answer.outcome == CallOutcome::Error,
            "no error but {answer:?}"
        );
        has_status(context, &answer, |statuses| statuses.no_server)?;
        let took = start.elapsed();
        ensure!(took < NOTICE / 2, "it took {took:?}: {answer:?}");
    }
    let server = context.peer(context.target.server)?.serve_at(closed_port)?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let seen = server.seen()?;
    ensure!(seen.calls == 1, "the server has seen {} calls", seen.calls);
    let seen = proxy.healthy()?;
    ensure!(
        seen.clients == 1 || context.protocol().facts.session,
        "the client did not keep its connection, it had {}",
        seen.clients
    );
    Ok(())
}

pub(super) fn killed(context: &Context) -> Result<()> {
    if context.protocol().facts.statuses.is_none() {
        return Err(Lacks("the library may answer when it is stopped, or shows no status").into());
    }
    let server = context.serve()?;
    let proxy = context.proxy(server.address(), &[])?;
    let client = context.client()?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let slow = Call::of("slow").delay(NOTICE).timeout(2 * NOTICE);
    let start = Instant::now();
    let answer = thread::scope(|scope| {
        let waiting = scope.spawn(|| client.call(proxy.address(), &slow));
        eventually("the call", || Ok(proxy.seen()?.waiting == 1))?;
        server.stop()?;
        let answer = waiting.join();
        answer.map_err(|_| anyhow!("the client panicked"))?
    })?;
    let took = start.elapsed();
    ensure!(took < NOTICE, "it took {took:?} to give up");
    has_status(context, &answer, |statuses| statuses.gone)?;
    client.disconnect(proxy.address())
}

/// An error that the host has answered with has the status that the protocol has for it.
fn has_status(context: &Context, answer: &Answer, of: fn(Statuses) -> u16) -> Result<()> {
    let Some(wanted) = context.protocol().facts.statuses.map(of) else {
        return Ok(());
    };
    ensure!(
        answer.status == Some(wanted),
        "{answer:?} instead of the status {wanted}"
    );
    Ok(())
}

pub(super) fn restart(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let address = server.address();
    let proxy = context.proxy(address, &[])?;
    let client = context.client()?;
    let short = Call::default().timeout(Duration::from_secs(1));
    client.call(proxy.address(), &short)?.ok()?;
    server.stop()?;
    // Some libraries answer on open connections for a moment.
    eventually("an error", || {
        let answer = client.call(proxy.address(), &short)?;
        // One that was under way has another status.
        Ok(answer.outcome == CallOutcome::Error
            && has_status(context, &answer, |statuses| statuses.no_server).is_ok())
    })?;
    if context.protocol().facts.session {
        // The new server knows nothing of the session.
        client.disconnect(proxy.address())?;
    }
    let server = context.peer(context.target.server)?.serve_at(address)?;
    client.call(proxy.address(), &Call::default())?.ok()?;
    let Seen { calls, .. } = server.seen()?;
    ensure!(calls == 1, "the server has seen {calls} calls");
    proxy.healthy().map(drop)
}
