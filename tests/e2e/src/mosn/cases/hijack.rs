//! Answers that the host makes itself.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Client, Frame, MessageKind, Reply, Status};
use meshwire_support::ports;

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "hijack-no-route",
        "a request that no route takes: status 6",
        no_route,
    ),
    Case::new(
        "hijack-no-upstream",
        "no server is there: status 6",
        no_upstream,
    ),
    Case::new(
        "hijack-timeout",
        "the server is silent: status 7, a late answer is dropped",
        timeout,
    ),
    Case::new(
        "hijack-overflow",
        "more calls than the host may have open: status 4",
        overflow,
    ),
    Case::new(
        "hijack-closed",
        "the server goes away with the call: status 3",
        closed,
    ),
    Case::new(
        "hijack-nonsense",
        "the server sends bytes that are not a frame: status 3",
        nonsense,
    ),
    Case::new(
        "hijack-many",
        "after many such answers every instance still works",
        many,
    ),
];

/// An answer of the host itself: a status, and nothing else.
fn is_hijacked(answer: &Frame, request: &Frame, status: Status) -> Result<()> {
    ensure!(
        answer.status == status,
        "status {} instead of {}",
        answer.status.0,
        status.0
    );
    ensure!(
        answer.kind == MessageKind::Response && answer.code == 2,
        "the answer is no response"
    );
    ensure!(answer.id == request.id, "an answer to another call");
    ensure!(answer.body.is_empty(), "the answer has a body");
    Ok(())
}

/// The connection lives on, and calls are passed on.
fn still_works(client: &mut Client) -> Result<()> {
    let after = Frame::request(1000, "after it");
    client.echo(&after).context("the call after it")
}

fn no_route(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--route-on zone=blue", &[server.address()])?;
    let mut client = host.connect()?;
    let frame = Frame::request(31, "nowhere");
    is_hijacked(&client.call(&frame)?, &frame, Status::NO_PROCESSOR)?;
    ensure!(server.calls().is_empty(), "the server received it");
    let there = Frame::request(32, "there").header("zone", "blue");
    client.echo(&there).context("the call after it")
}

fn no_upstream(context: &Context) -> Result<()> {
    let closed_port = ports::free()?;
    let host = context.host("", &[closed_port])?;
    let mut client = host.connect()?;
    let frame = Frame::request(41, "to no server");
    is_hijacked(&client.call(&frame)?, &frame, Status::NO_PROCESSOR)
}

fn timeout(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    server.behave(|_| Reply::Silent);
    let frame = Frame::request(51, "never answered").timeout(300);
    is_hijacked(&client.call(&frame)?, &frame, Status::TIMEOUT)?;
    let sent = server.wait_for_calls(1)?.remove(0);
    // The answer after all; what comes next must be that of the next call.
    server.send(sent.connection, &sent.frame.echo().bytes())?;
    server.behave(|_| Reply::Echo);
    still_works(&mut client)
}

fn overflow(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    let host = context.host("--one-hop --max-requests 1", &[server.address()])?;
    let mut client = host.connect()?;
    let first = Frame::request(61, "holds the only place");
    client.send(&first)?;
    let sent = server.wait_for_calls(1)?.remove(0);
    let second = Frame::request(62, "one too many");
    is_hijacked(&client.call(&second)?, &second, Status::BUSY)?;
    server.send(sent.connection, &sent.frame.echo().bytes())?;
    ensure!(
        client.receive()? == first.echo(),
        "the first call was not answered"
    );
    server.behave(|_| Reply::Echo);
    // The place is free a moment after the answer.
    let mut tries = 63..;
    let again = tries.find_map(|id| {
        let frame = Frame::request(id, "fits again");
        let answer = client.call(&frame);
        let busy = answer
            .as_ref()
            .is_ok_and(|answer| answer.status == Status::BUSY);
        (!busy).then(|| answer.map(|answer| answer == frame.echo()))
    });
    ensure!(again.unwrap_or(Ok(false))?, "no call fits any more");
    let calls = server.calls();
    ensure!(
        calls.iter().all(|call| call.body != second.body),
        "the server received it"
    );
    Ok(())
}

fn closed(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    server.behave(|_| Reply::Close);
    let frame = Frame::request(71, "the end");
    is_hijacked(&client.call(&frame)?, &frame, Status::ERROR)?;
    server.behave(|_| Reply::Echo);
    still_works(&mut client)
}

fn nonsense(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    server.behave(|_| Reply::Bytes(vec![0xff; 40]));
    let frame = Frame::request(81, "understand this");
    is_hijacked(&client.call(&frame)?, &frame, Status::ERROR)?;
    server.behave(|frame| {
        // 2 GiB announced.
        let mut bytes = frame.echo().bytes();
        bytes[16..20].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
        Reply::Bytes(bytes)
    });
    let frame = Frame::request(82, "or this").timeout(1500);
    let answer = client.call(&frame)?;
    ensure!(
        answer.status != Status::OK && answer.id == 82,
        "the answer is not a failure"
    );
    server.close_all();
    server.behave(|_| Reply::Echo);
    still_works(&mut client)
}

fn many(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--route-on zone=blue --instances 2", &[server.address()])?;
    let mut client = host.connect()?;
    for round in 0..20 {
        let lost = Frame::request(3 * round, "nowhere");
        is_hijacked(&client.call(&lost)?, &lost, Status::NO_PROCESSOR)?;
        server.behave(|_| Reply::Silent);
        let late = Frame::request(3 * round + 1, "silence").header("zone", "blue");
        let late = late.timeout(50);
        is_hijacked(&client.call(&late)?, &late, Status::TIMEOUT)?;
        server.behave(|_| Reply::EchoAfter(Duration::ZERO));
        let good = Frame::request(3 * round + 2, "works").header("zone", "blue");
        client.echo(&good)?;
    }
    Ok(())
}
