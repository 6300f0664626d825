//! What is on the wire, with a client and a server of our own.

use anyhow::{Result, ensure};
use meshwire_support::bolt::{Client, Frame, Server};
use serde_json::json;

use super::config::Upstream;
use crate::envoy::context::{Context, EnvoyProcess};

pub(super) fn socket(context: &Context) -> Result<()> {
    let (host, server) = host(context, Upstream::Socket)?;
    all(context, &host)?;
    ensure!(server.connections() == 1, "calls do not share a connection");
    Ok(())
}

pub(super) fn bridge(context: &Context) -> Result<()> {
    let (host, server) = host(context, Upstream::Bridge)?;
    all(context, &host)?;
    let connections = server.connections();
    // Those of clients that were cut are not used again.
    ensure!(connections <= 16 + 1, "{connections} connections");
    Ok(())
}

fn host(context: &Context, upstream: Upstream) -> Result<(EnvoyProcess, Server)> {
    let server = Server::start(context.limit())?;
    let host = context.host_per_call(server.address(), upstream, &json!({}))?;
    Ok((host, server))
}

fn connect(context: &Context, host: &EnvoyProcess) -> Result<Client> {
    Client::connect(host.address(), context.limit())
}

/// Frames in one write.
const MANY: u32 = 3000;
/// A frame has at most 16 MiB.
const LARGE: usize = (16 << 20) - 1024;

fn all(context: &Context, host: &EnvoyProcess) -> Result<()> {
    equal_ids(context, host)?;
    single_bytes(context, host)?;
    large_body(context, host)?;
    invalid_bytes(context, host)?;
    cut_frames(context, host)?;
    many_frames(context, host)?;
    host.counts("bad_frames", 1)?;
    host.counts_none_of(&["refused", "dropped", "local_replies", "panics"])
}

fn equal_ids(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let (mut one, mut other) = (connect(context, host)?, connect(context, host)?);
    let calls = ["one", "other"].map(|body| Frame::request(7, body));
    one.send(&calls[0])?;
    other.send(&calls[1])?;
    for (client, call) in [(&mut other, &calls[1]), (&mut one, &calls[0])] {
        let answer = client.receive()?;
        ensure!(answer == call.echo(), "{answer:?} for {call:?}");
    }
    Ok(())
}

fn single_bytes(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let mut client = connect(context, host)?;
    let call = Frame::request(1, "byte by byte");
    for byte in call.bytes() {
        client.send_bytes(&[byte])?;
    }
    ensure!(client.receive()? == call.echo(), "another answer");
    Ok(())
}

fn large_body(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let body: Vec<u8> = (0..LARGE).map(|at| (at % 251) as u8).collect();
    connect(context, host)?.echo(&Frame::request(9, body))
}

fn invalid_bytes(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let (mut bad, mut good) = (connect(context, host)?, connect(context, host)?);
    bad.send_bytes(b"GET / HTTP/1.1\r\n\r\n")?;
    bad.closed()?;
    good.echo(&Frame::request(1, "not affected"))
}

/// A client goes away in the middle of a frame, another one after it.
fn cut_frames(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let call = Frame::request(1, vec![7; 100_000]).bytes();
    for len in [40, 60_000, call.len()] {
        let mut client = connect(context, host)?;
        client.send_bytes(&call[..len])?;
        client.close();
    }
    connect(context, host)?.echo(&Frame::request(1, "not affected"))
}

fn many_frames(context: &Context, host: &EnvoyProcess) -> Result<()> {
    let mut client = connect(context, host)?;
    let calls: Vec<u8> = (0..MANY)
        .flat_map(|id| Frame::request(id, id.to_string()).bytes())
        .collect();
    client.send_bytes(&calls)?;
    let mut answered = vec![false; MANY as usize];
    for _ in 0..MANY {
        let answer = client.receive()?;
        let call = Frame::request(answer.id, answer.id.to_string());
        ensure!(answer == call.echo(), "{answer:?}");
        let seen = answered.get_mut(answer.id as usize);
        ensure!(
            seen.is_some_and(|seen| !core::mem::replace(seen, true)),
            "an answer twice"
        );
    }
    Ok(())
}
