//! How the host uses connections to servers.

use std::collections::HashMap;

use anyhow::{Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Client, Frame, Reply, Status};

pub(super) const ONE_MODE: &str = "the Go codec knows one way only, multiplex";

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "pool-multiplex",
        "calls of all clients share one connection",
        multiplex,
    ),
    Case::new(
        "pool-ping-pong",
        "each connection has one call at a time",
        ping_pong,
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
    Case::new(
        "pool-ping-pong-hijack",
        "the host's own answers, with one instance and that pool",
        |context| hijacks(context, "ping-pong"),
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
    Case::new(
        "pool-tcp",
        "each client has a connection of its own upstream",
        tcp,
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
    Case::new(
        "pool-tcp-hijack",
        "the host's own answers, with one instance and that pool",
        |context| hijacks(context, "tcp"),
    )
    .unless(|subject| subject.target.unless_plugin(ONE_MODE)),
];

fn clients(host: &crate::mosn::host::MosnProcess, count: u32) -> Result<Vec<Client>> {
    (0..count).map(|_| host.connect()).collect()
}

/// Sends one call by each client, and answers them, last first, when all are there.
fn all_at_once(context: &Context, flags: &str) -> Result<Vec<usize>> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    let host = context.host(flags, &[server.address()])?;
    let mut clients = clients(&host, 6)?;
    for round in 0..3 {
        for (at, client) in clients.iter_mut().enumerate() {
            // The same id by every connection.
            client.send(&Frame::request(round, format!("client {at} round {round}")))?;
        }
        let calls = server.wait_for_calls(clients.len() * (round as usize + 1))?;
        for call in calls.iter().rev().take(clients.len()) {
            server.send(call.connection, &call.frame.echo().bytes())?;
        }
        for (at, client) in clients.iter_mut().enumerate() {
            let sent = Frame::request(round, format!("client {at} round {round}"));
            ensure!(
                client.receive()? == sent.echo(),
                "an answer to another call"
            );
        }
    }
    let calls = server.wait_for_calls(0)?;
    Ok(calls.iter().map(|call| call.connection).collect())
}

fn multiplex(context: &Context) -> Result<()> {
    let connections = all_at_once(context, "")?;
    let one = connections
        .iter()
        .all(|connection| *connection == connections[0]);
    ensure!(one, "the calls came by several connections");
    Ok(())
}

fn ping_pong(context: &Context) -> Result<()> {
    let connections = all_at_once(context, "--one-hop --pool ping-pong")?;
    for round in connections.chunks(6) {
        let mut calls: HashMap<usize, u32> = HashMap::new();
        for connection in round {
            *calls.entry(*connection).or_default() += 1;
        }
        ensure!(
            calls.values().all(|count| *count == 1),
            "two calls at a time on a connection"
        );
    }
    let used = connections.iter().max().map_or(0, |last| last + 1);
    ensure!(used == 6, "connections are not used again");
    Ok(())
}

fn tcp(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--one-hop --pool tcp", &[server.address()])?;
    let mut clients = clients(&host, 4)?;
    for round in 1..=3 {
        for (at, client) in clients.iter_mut().enumerate() {
            client.echo(&Frame::request(round, format!("client {at}")))?;
        }
    }
    let calls = server.wait_for_calls(12)?;
    let mut used: HashMap<Vec<u8>, usize> = HashMap::new();
    for call in &calls {
        let connection = *used
            .entry(call.frame.body.clone())
            .or_insert(call.connection);
        ensure!(
            connection == call.connection,
            "a client with several connections upstream"
        );
    }
    ensure!(
        server.connections() == 4,
        "clients that share a connection upstream"
    );
    // Either end takes the other with it.
    let gone = used[b"client 0".as_slice()];
    clients.remove(0).close();
    server.wait_for_close(gone)?;
    clients[0].echo(&Frame::request(9, "client 1"))?;
    Ok(())
}

fn hijacks(context: &Context, pool: &str) -> Result<()> {
    let server = context.server()?;
    let flags = format!("--one-hop --instances 1 --route-on zone=blue --pool {pool}");
    let host = context.host(&flags, &[server.address()])?;
    let call = |id: u32, body: &str| Frame::request(id, body).header("zone", "blue");
    for _ in 0..3 {
        let mut client = host.connect()?;
        let lost = client.call(&Frame::request(1, "nowhere"))?;
        ensure!(
            lost.status == Status::NO_PROCESSOR,
            "status {} for no route",
            lost.status.0
        );
        server.behave(|_| Reply::Echo);
        client.echo(&call(2, "works"))?;
        server.behave(|_| Reply::Silent);
        let late = client.call(&call(3, "silence").timeout(200))?;
        ensure!(
            late.status == Status::TIMEOUT,
            "status {} for silence",
            late.status.0
        );
    }
    server.behave(|_| Reply::Echo);
    host.connect()?.echo(&call(4, "still works"))
}
