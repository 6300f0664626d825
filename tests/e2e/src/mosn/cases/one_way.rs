//! One-way calls.

use anyhow::{Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Frame, MessageKind, Reply, Status};

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "oneway",
        "it reaches the server, nothing ever comes back, the connection lives",
        one_way,
    ),
    Case::new(
        "oneway-no-route",
        "one without a route is not answered either",
        no_route,
    ),
    Case::new(
        "oneway-once",
        "a route that retries sends it once all the same",
        once,
    ),
    Case::new(
        "oneway-answered",
        "a server that answers one nevertheless does no harm",
        answered,
    ),
];

const BODY: &str = "fire and forget";

fn one_way(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    client.send(&Frame::one_way(91, BODY).header("a", "b").timeout(300))?;
    let arrived = server.wait_for_calls(1)?.remove(0).frame;
    let sent = Frame::one_way(arrived.id, BODY)
        .header("a", "b")
        .timeout(300);
    ensure!(
        arrived.kind == MessageKind::OneWay,
        "it reached the server as a call"
    );
    ensure!(arrived == sent, "it changed on its way");
    // Nothing came at once: the answer to what was sent later comes first.
    let beat = Frame::heartbeat(92);
    ensure!(
        client.call(&beat)? == beat.ack(),
        "the answer is not a heartbeat ack"
    );
    // Nor when its time was up: that of a call sent later ends after it.
    let late = client.call(&Frame::request(93, "waits longer").timeout(900))?;
    ensure!(
        late.status == Status::TIMEOUT,
        "status {} for silence",
        late.status.0
    );
    let beat = Frame::heartbeat(94);
    ensure!(
        client.call(&beat)? == beat.ack(),
        "the answer is not a heartbeat ack"
    );
    server.behave(|_| Reply::Echo);
    client.echo(&Frame::request(95, "lives"))
}

fn no_route(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--route-on zone=blue", &[server.address()])?;
    let mut client = host.connect()?;
    client.send(&Frame::one_way(91, BODY))?;
    client.echo(&Frame::request(92, "lives").header("zone", "blue"))?;
    let beat = Frame::heartbeat(93);
    ensure!(
        client.call(&beat)? == beat.ack(),
        "the answer is not a heartbeat ack"
    );
    ensure!(server.calls().len() == 1, "it reached the server");
    Ok(())
}

fn answered(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    for round in 0..5 {
        client.send(&Frame::one_way(2 * round, BODY).timeout(300))?;
        server.wait_for_calls(2 * round as usize + 1)?;
        let next = Frame::request(2 * round + 1, format!("call {round}"));
        client.send(&next)?;
        let mut answer = client.receive()?;
        while answer.body == BODY.as_bytes() {
            // The host takes it for the answer to a call, and may pass it on.
            answer = client.receive()?;
        }
        ensure!(answer == next.echo(), "an answer to another call");
    }
    Ok(())
}

fn once(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    let flags = "--retries 3 --try-timeout 100ms";
    let host = context.host(flags, &[server.address()])?;
    let mut client = host.connect()?;
    client.send(&Frame::one_way(91, BODY).timeout(900))?;
    server.wait_for_calls(1)?;
    // All tries of a call that is sent later are over when its answer comes.
    let late = client.call(&Frame::request(92, "is tried four times").timeout(2000))?;
    ensure!(
        late.status == Status::TIMEOUT,
        "status {} for silence",
        late.status.0
    );
    let calls = server.calls();
    let (mine, others): (Vec<Frame>, Vec<Frame>) = calls
        .into_iter()
        .partition(|call| call.body == BODY.as_bytes());
    ensure!(others.len() > 1, "the host does not retry");
    let all = mine.iter().all(|call| call.kind == MessageKind::OneWay);
    ensure!(all, "it reached the server as a call");
    ensure!(mine.len() == 1, "it reached the server several times");
    Ok(())
}
