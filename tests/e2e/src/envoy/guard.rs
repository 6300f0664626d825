//! What the filter decides: where connections go, what does not get through, and what it leaves alone.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::context::{Context, EnvoyProcess, NOTICE, eventually};
use cargo_meshwire::mosn::settings::loopback;
use meshwire_support::peers::{Answer, Call, CallOutcome, Load, Server};
use meshwire_support::ports;

pub(super) fn route(context: &Context) -> Result<()> {
    let (usual, blue) = (context.serve()?, context.serve()?);
    let client = context.client()?;
    let service = context.protocol().facts.service;
    for (service, goes_to_blue) in [(service, true), ("another.Service", false)] {
        let route = json!({"route": {"clusters": {service: "blue"}}});
        let host = context.host_of(usual.address(), &route, &[("blue", blue.address())])?;
        for _ in 0..3 {
            client
                .call(host.address(), &Call::default().timeout(NOTICE))?
                .ok()?;
            client.disconnect(host.address())?;
        }
        let seen = (usual.seen()?.calls, blue.seen()?.calls);
        let wanted = if goes_to_blue { (0, 3) } else { (3, 0) };
        ensure!(
            seen == wanted,
            "the servers have seen {seen:?} calls instead of {wanted:?}"
        );
        let (event, other) = if goes_to_blue {
            ("routed", "unrouted")
        } else {
            ("unrouted", "routed")
        };
        host.counts(event, 3)?;
        host.counts(other, 0)?;
    }
    Ok(())
}

/// A configuration that denies one method of the servers.
fn denying(context: &Context, on_denied: &str) -> Value {
    let rule = json!({"service": context.protocol().facts.service, "method": "fail"});
    json!({"deny": [rule], "on_denied": on_denied})
}

/// The denied call on its own, and the server and host that it went through.
fn denied(context: &Context, on_denied: &str) -> Result<(Server, EnvoyProcess, Answer)> {
    let server = context.serve()?;
    let host = context.host(server.address(), &denying(context, on_denied))?;
    let client = context.client()?;
    client.call(host.address(), &Call::default())?.ok()?;
    let denied = Call::of("fail").timeout(Duration::from_secs(1));
    let answer = client.call(host.address(), &denied)?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    eventually("an answer", || {
        Ok(client.call(host.address(), &Call::default())?.outcome == CallOutcome::Ok)
    })?;
    let seen = server.seen()?;
    ensure!(seen.calls == 2, "the server has seen {} calls", seen.calls);
    host.counts("denied", 1)?;
    host.counts(&context.protocol().call("fail", "denied"), 1)?;
    host.counts(&context.protocol().call("fail", "requests"), 0)?;
    host.says(&format!(
        "denied service={} method=fail",
        context.protocol().facts.service
    ))?;
    Ok((server, host, answer))
}

pub(super) fn deny(context: &Context) -> Result<()> {
    let (server, host, answer) = denied(context, "reply")?;
    let wanted = context.protocol().facts.denied;
    ensure!(
        answer.status.is_none_or(|status| status == wanted),
        "{answer:?} instead of status {wanted}"
    );
    host.counts("denied_replies", 1)?;
    host.counts("connections", 1)?;
    among_others(context, &host)?;
    // The filter's own heartbeats are not answered to clients; they may send some too.
    let stats = host.stats()?;
    let (asked, answered) = (
        stats.count("frames.heartbeat"),
        stats.count("frames.heartbeat_ack"),
    );
    ensure!(
        answered <= asked,
        "{answered} answers to {asked} heartbeats"
    );
    server.stop()
}

/// Denied calls between others of all sizes, on one connection.
fn among_others(context: &Context, host: &EnvoyProcess) -> Result<()> {
    const TURNS: usize = 20;
    let client = context.client()?;
    for turn in 1..=TURNS {
        let answer = client.call(host.address(), &Call::of("fail"))?;
        ensure!(
            answer.outcome == CallOutcome::Error,
            "no error but {answer:?}"
        );
        let other = Call::default().size(turn * 10_000).timeout(NOTICE);
        client.call(host.address(), &other)?.ok()?;
    }
    host.counts("denied_replies", 1 + TURNS as u64)?;
    host.counts("connections", 1)?;
    host.counts("bad_frames", 0)
}

pub(super) fn deny_by_closing(context: &Context) -> Result<()> {
    let (server, host, _) = denied(context, "close")?;
    host.counts("denied_replies", 0)?;
    host.counts("connections", 2)?;
    server.stop()
}

/// A server that sends back whatever comes. It ends with this process.
pub(super) fn mirror() -> Result<SocketAddr> {
    let listener = TcpListener::bind(loopback(0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
        }
    });
    Ok(address)
}

pub(super) fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(NOTICE))?;
    Ok(stream)
}

/// Sends bytes in pieces and reads as many.
fn mirrored(stream: &mut TcpStream, bytes: &[u8]) -> Result<()> {
    let mut back = vec![0; bytes.len()];
    for piece in bytes.chunks(bytes.len().div_ceil(3)) {
        stream.write_all(piece)?;
        thread::sleep(Duration::from_millis(20));
    }
    stream.read_exact(&mut back).context("not all came back")?;
    ensure!(back == bytes, "other bytes came back");
    Ok(())
}

/// What no protocol here begins with.
pub(super) const GARBAGE: &[u8] = b"\x7fGET / HTTP/1.1\r\nhost: x\r\n\r\n";

pub(super) fn garbage(context: &Context) -> Result<()> {
    let host = context.host(mirror()?, &json!({}))?;
    let mut stream = connect(host.address())?;
    mirrored(&mut stream, GARBAGE)?;
    mirrored(&mut stream, &GARBAGE.repeat(5000))?;
    host.counts("bad_frames", 1)?;
    ensure!(
        host.count_lines("invalid frame from downstream") == 1,
        "it is logged more than once"
    );
    // Half-closed, it still passes.
    stream.shutdown(Shutdown::Write)?;
    ensure!(stream.read(&mut [0; 1])? == 0, "bytes that were not sent");
    host.counts("frames.request", 0)
}

pub(super) fn closed(context: &Context) -> Result<()> {
    let host = context.host(mirror()?, &json!({"on_bad_frame": "close"}))?;
    let mut stream = connect(host.address())?;
    stream.write_all(GARBAGE)?;
    let mut back = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut back);
    ensure!(back.is_empty(), "{} bytes came back", back.len());
    host.counts("bad_frames", 1)?;
    host.says("the connection is closed")
}

pub(super) fn large(context: &Context) -> Result<()> {
    let server = context.serve()?;
    let host = context.host(server.address(), &json!({"max_frame": 5000}))?;
    let client = context.client()?;
    client.call(host.address(), &Call::default())?.ok()?;
    client
        .call(host.address(), &Call::default().size(50_000))?
        .ok()?;
    client.call(host.address(), &Call::default())?.ok()?;
    host.counts("large_frames", 1)?;
    host.counts("frames.request", 1)
}

/// How long calls go on.
const SOAK: Duration = Duration::from_secs(6);
/// The longest time between two kills of the server.
const KILLS: Duration = Duration::from_secs(2);

pub(super) fn soak(context: &Context) -> Result<()> {
    // A port that no connection gets by itself: it has to be free whenever the server comes back.
    let server = context
        .fleet()
        .peer(context.target.server)?
        .serve_at(ports::free()?)?;
    let host = context.host(server.address(), &json!({"max_names": 20}))?;
    let address = host.address();
    let over = AtomicBool::new(false);
    let (server, ok) = thread::scope(|scope| {
        scope.spawn(|| disturb(address, &over));
        let load = scope.spawn(|| load(context, address, &over));
        let server = kill(context, server);
        // Whatever happened, the others wait for it.
        over.store(true, Ordering::Relaxed);
        let ok = load.join().map_err(|_| anyhow!("a caller panicked"))?;
        Ok::<_, anyhow::Error>((server?, ok?))
    })?;
    ensure!(ok > 0, "no call went through");
    let client = context.client()?;
    eventually("an answer", || {
        Ok(client.call(address, &Call::default())?.outcome == CallOutcome::Ok)
    })?;
    let went_well = context.protocol().went_well("echo");
    eventually("a count of the calls that went well", || {
        Ok(host.stats()?.count(&went_well) > ok as u64)
    })?;
    let stats = host.stats()?;
    ensure!(
        stats.count("bad_frames") > 10,
        "the garbage was not counted"
    );
    ensure!(stats.counters() < 200, "{} counters", stats.counters());
    ensure!(
        host.count_lines("Wasm VM failed") == 0,
        "the virtual machine has failed"
    );
    server.stop()
}

/// Kills the server and starts it again, for as long as the soak lasts.
fn kill(context: &Context, mut server: Server) -> Result<Server> {
    let address = server.address();
    let end = Instant::now() + SOAK;
    while Instant::now() < end {
        thread::sleep(KILLS);
        server.stop()?;
        server = revive(context, address)?;
    }
    Ok(server)
}

/// The server again. Some give up their port only when their last connection has ended.
fn revive(context: &Context, address: SocketAddr) -> Result<Server> {
    let peer = context.fleet().peer(context.target.server)?;
    let end = Instant::now() + NOTICE;
    loop {
        match peer.serve_at(address) {
            Err(_) if Instant::now() < end => thread::sleep(Duration::from_millis(100)),
            served => return served,
        }
    }
}

/// Connections with garbage, cut at any time.
fn disturb(address: SocketAddr, over: &AtomicBool) {
    let mut size = 1;
    while !over.load(Ordering::Relaxed) {
        if let Ok(mut stream) = connect(address) {
            // The host or the server may have closed it already.
            let _ = stream.write_all(&GARBAGE.repeat(size));
        }
        size = size % 50 + 7;
        thread::sleep(Duration::from_millis(50));
    }
}

/// Loads of calls, one after the other; how many went well. While the server is away they fail, but no
/// answer may be another call's.
fn load(context: &Context, address: SocketAddr, over: &AtomicBool) -> Result<usize> {
    let mut ok = 0;
    while !over.load(Ordering::Relaxed) {
        let load = Load {
            calls: 100,
            callers: 10,
            timeout: Duration::from_secs(1),
            ..Load::default()
        };
        let summary = context.client()?.load(address, &load)?;
        ensure!(
            summary.wrong == 0,
            "{} answers to other calls",
            summary.wrong
        );
        ok += summary.ok;
    }
    Ok(ok)
}
