//! Calls that no rule can be held against: made of a real call by a few bytes, sent to a real server
//! directly, and past the filter.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::context::{Context, NOTICE, eventually};
use super::guard::{GARBAGE, connect, mirror};
use super::wire::{Trick, Wire};
use cargo_meshwire::mosn::settings::loopback;
use meshwire_support::peers::{Call, CallOutcome};

/// The longest that a server may take for an answer, or be waited for that gives none.
const SOON: Duration = Duration::from_secs(1);

pub(super) fn judged(context: &Context) -> Result<()> {
    let wire = context.protocol().facts.wire;
    let call = recorded(context, wire)?;
    for trick in wire.tricks {
        unjudged(context, &call, trick).with_context(|| trick.name)?;
    }
    Ok(())
}

/// A rule about the call that is made.
fn denying(context: &Context) -> Value {
    json!([{"service": context.protocol().facts.service, "method": "echo"}])
}

/// One call that cannot be judged.
fn unjudged(context: &Context, call: &[u8], trick: &Trick) -> Result<()> {
    let wire = context.protocol().facts.wire;
    let call = (trick.edit)(call).context("the call has no place for it")?;
    let server = context.serve()?;
    // What the rule is there for: the server serves it.
    ask(server.address(), wire, &call)?;
    let calls = server.seen()?.calls;
    let wanted = usize::from(trick.served_by.contains(&context.target.server));
    ensure!(calls == wanted, "the server alone has seen {calls} calls");

    let host = context.host(server.address(), &json!({}))?;
    ask(host.address(), wire, &call)?;
    let calls = server.seen()?.calls;
    ensure!(calls == wanted, "without a rule {calls} calls have arrived");
    host.counts("denied", 0)?;
    drop(host);

    let host = context.host(server.address(), &json!({"deny": denying(context)}))?;
    let answer = ask(host.address(), wire, &call)?.context("no answer")?;
    let status = wire.status(&answer);
    let denied = u64::from(context.protocol().facts.denied);
    ensure!(status == denied, "status {status} instead of {denied}");
    host.counts("denied", 1)?;
    host.counts(&format!("denied.{}", trick.cause), 1)?;
    host.counts("denied_replies", 1)?;
    host.counts("frames.request", 1)?;
    host.counts("closed", 0)?;
    host.says(&format!(" cause={}", trick.cause))?;
    let calls = server.seen()?.calls;
    ensure!(calls == 0, "the server has seen {calls} calls");
    server.stop()
}

pub(super) fn closing(context: &Context) -> Result<()> {
    // After garbage, a call that a rule is about.
    let call = recorded(context, context.protocol().facts.wire)?;
    let host = context.host(mirror()?, &json!({"deny": denying(context)}))?;
    let mut stream = connect(host.address())?;
    stream.write_all(&[GARBAGE, &call].concat())?;
    let mut back = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut back);
    ensure!(back.is_empty(), "{} bytes have passed", back.len());
    host.counts("bad_frames", 1)?;
    host.counts("closed", 1)?;
    host.says("the connection is closed")?;
    drop(host);

    // A call that is too large to be judged.
    let server = context.serve()?;
    let plugin = json!({"deny": [{"method": "another"}], "max_frame": 5000});
    let host = context.host(server.address(), &plugin)?;
    let client = context.client()?;
    client.call(host.address(), &Call::default())?.ok()?;
    let large = Call::default().size(50_000).timeout(SOON);
    let answer = client.call(host.address(), &large)?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    eventually("an answer", || {
        let call = Call::default().timeout(SOON);
        Ok(client.call(host.address(), &call)?.outcome == CallOutcome::Ok)
    })?;
    let seen = server.seen()?.calls;
    ensure!(seen == 2, "the server has seen {seen} calls");
    eventually("a count of the large frame", || {
        Ok(host.stats()?.count("large_frames") > 0)
    })?;
    server.stop()
}

/// A call as the client sends it, to a server that never answers.
fn recorded(context: &Context, wire: &'static Wire) -> Result<Vec<u8>> {
    let listener = TcpListener::bind(loopback(0))?;
    let address = listener.local_addr()?;
    let recorder = thread::spawn(move || -> Result<Vec<u8>> {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(NOTICE))?;
        frame_in(&mut stream, wire, |frame| (wire.is_call)(frame))?.context("no call has come")
    });
    let client = context.client()?;
    let answer = client.call(address, &Call::default().timeout(SOON))?;
    ensure!(
        answer.outcome == CallOutcome::Error,
        "no error but {answer:?}"
    );
    client.disconnect(address)?;
    let call = recorder.join();
    call.unwrap_or_else(|_| panic!("the recorder panicked"))
}

/// Sends a call over a connection of its own; its answer, if one comes.
fn ask(address: SocketAddr, wire: &Wire, call: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(SOON))?;
    stream.write_all(call)?;
    let id = wire.id(call);
    frame_in(&mut stream, wire, |frame| {
        !(wire.is_call)(frame) && wire.id(frame) == id
    })
}

/// The first frame like that on a connection; `None` if it does not come.
fn frame_in(
    stream: &mut TcpStream,
    wire: &Wire,
    is_it: impl Fn(&[u8]) -> bool,
) -> Result<Option<Vec<u8>>> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let end = Instant::now() + NOTICE;
    while Instant::now() < end {
        while let Some(len) = (wire.length)(&bytes)?.filter(|len| *len <= bytes.len()) {
            let rest = bytes.split_off(len);
            let frame = std::mem::replace(&mut bytes, rest);
            if is_it(&frame) {
                return Ok(Some(frame));
            }
        }
        match stream.read(&mut chunk) {
            // It has ended, or nothing comes.
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    Ok(None)
}
