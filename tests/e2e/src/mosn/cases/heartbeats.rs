//! Heartbeats of clients, and of the host.

use anyhow::{Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Frame, MessageKind, Status};

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "heartbeat-client",
        "a client's heartbeat is answered with its id, and goes no further",
        client,
    ),
    Case::new(
        "heartbeat-upstream",
        "the host sends heartbeats to an idle server and understands the acks",
        upstream,
    ),
    Case::new(
        "heartbeat-lost",
        "a server that leaves heartbeats without acks loses its connection",
        lost,
    ),
];

fn client(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    for id in [0x7700_0001, 0, u32::MAX] {
        let beat = Frame::heartbeat(id);
        ensure!(
            client.call(&beat)? == beat.ack(),
            "the answer is not a heartbeat ack"
        );
    }
    client.echo(&Frame::request(5, "between heartbeats"))?;
    let beat = Frame::heartbeat(6);
    ensure!(
        client.call(&beat)? == beat.ack(),
        "the answer is not a heartbeat ack"
    );
    let received = server.received();
    ensure!(
        received.len() == 1,
        "the server received {} frames instead of a call",
        received.len()
    );
    Ok(())
}

/// The host gives a connection up after this many acks that it misses.
const TOLERATED: usize = 6;

fn upstream(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--one-hop --keep-alive 200ms", &[server.address()])?;
    let mut client = host.connect()?;
    client.echo(&Frame::request(1, "opens the connection"))?;
    let connections = server.wait_for_heartbeats(2 * TOLERATED)?;
    let same = connections
        .iter()
        .all(|connection| *connection == connections[0]);
    ensure!(same, "the host did not keep its connection");
    for beat in server
        .received()
        .iter()
        .filter(|received| received.frame.is_heartbeat())
    {
        let frame = &beat.frame;
        ensure!(
            frame.kind == MessageKind::Request,
            "a heartbeat that asks for no ack"
        );
        let bare = frame.class.is_empty() && frame.headers.is_empty() && frame.body.is_empty();
        ensure!(bare, "a heartbeat with content");
    }
    client.echo(&Frame::request(2, "by the same connection"))?;
    let calls = server.wait_for_calls(2)?;
    ensure!(
        calls[0].connection == calls[1].connection,
        "the host did not keep its connection"
    );
    ensure!(
        server.connections() == 1,
        "the host has opened another connection"
    );
    Ok(())
}

fn lost(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.ignore_heartbeats();
    let host = context.host("--one-hop --keep-alive 200ms", &[server.address()])?;
    let mut client = host.connect()?;
    client.echo(&Frame::request(1, "opens the connection"))?;
    server.wait_for_heartbeats(TOLERATED)?;
    server.wait_for_close(server.wait_for_calls(1)?[0].connection)?;
    // Not in between: the pool may still hold the connection that is closing.
    loop {
        let answer = client.call(&Frame::request(2, "by a new connection"))?;
        if answer.status == Status::OK {
            return Ok(());
        }
    }
}
