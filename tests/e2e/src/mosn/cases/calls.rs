//! Calls and their answers.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Frame, Mux, Reply, Status};

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "call-crowd",
        "1,000 calls of 50 callers on 4 connections, all with the same ids, answered in any order",
        crowd,
    ),
    Case::new("call-sizes", "bodies of 0 B to 1 MiB both ways", sizes),
    Case::new(
        "call-pieces",
        "frames that come byte by byte, or many at once",
        pieces,
    ),
    Case::new(
        "call-untouched",
        "every field arrives as it was sent, but for the id",
        untouched,
    ),
    Case::new(
        "call-exception",
        "a server's exception arrives with its class and body",
        exception,
    ),
];

const EXCEPTION: &str = "com.alipay.remoting.rpc.exception.RpcServerException";
const CALLERS: u32 = 50;
const CALLS: u32 = 20;

fn crowd(context: &Context) -> Result<()> {
    // Delays that have nothing to do with the order of the calls.
    let server = context.server()?;
    server.behave(|frame| {
        let millis = u64::from(frame.id.wrapping_mul(7919) % 5);
        Reply::EchoAfter(Duration::from_millis(millis))
    });
    let host = context.host("", &[server.address()])?;
    let connections = (0..4).map(|_| host.mux()).collect::<Result<Vec<_>>>()?;
    let failures: Vec<String> = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let connection = &connections[caller as usize % connections.len()];
                scope.spawn(move || call_often(connection, caller))
            })
            .collect();
        let results = callers.into_iter().map(thread::ScopedJoinHandle::join);
        results
            .filter_map(|result| result.ok()?.err().map(|error| format!("{error:#}")))
            .collect()
    });
    if let Some(first) = failures.first() {
        bail!("{} of {CALLERS} callers failed: {first}", failures.len());
    }
    for connection in &connections {
        ensure!(connection.strays().is_empty(), "answers without a call");
    }
    let calls = server.wait_for_calls((CALLERS * CALLS) as usize)?;
    ensure!(
        calls.len() == (CALLERS * CALLS) as usize,
        "calls arrived twice"
    );
    let ids: HashSet<(usize, u32)> = calls
        .iter()
        .map(|call| (call.connection, call.frame.id))
        .collect();
    ensure!(
        ids.len() == calls.len(),
        "two calls with one id on a connection"
    );
    ensure!(
        server.connections() < 4,
        "the server did not get few connections"
    );
    Ok(())
}

fn call_often(connection: &Mux, caller: u32) -> Result<()> {
    for call in 0..CALLS {
        let text = format!("caller {caller} call {call} ");
        let frame = Frame::request(0, text.repeat((caller + call) as usize % 9 + 1));
        let answer = connection.call(frame.clone())?;
        ensure!(
            answer.status == Status::OK,
            "status {} for an echo",
            answer.status.0
        );
        ensure!(answer.body == frame.body, "an answer to another call");
    }
    Ok(())
}

fn sizes(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    for (id, size) in [0, 1, 2, 127, 1024, 4095, 16_384, 65_536, 262_144, 1 << 20]
        .into_iter()
        .enumerate()
    {
        let body: Vec<u8> = (0..size)
            .map(|at: usize| (at * 31 + at / 251) as u8)
            .collect();
        let frame = Frame::request(id as u32 + 1, body);
        client.echo(&frame)?;
        let calls = server.calls();
        let arrived = calls.last().is_some_and(|call| call.body == frame.body);
        ensure!(
            arrived,
            "a body of {size} bytes did not arrive as it was sent"
        );
    }
    Ok(())
}

fn pieces(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    let frame = Frame::request(7, "byte by byte");
    for byte in frame.bytes() {
        client.send_bytes(&[byte])?;
    }
    ensure!(
        client.receive()? == frame.echo(),
        "the answer is not what the server sent"
    );
    let many: Vec<Frame> = (100..200)
        .map(|id| Frame::request(id, format!("at once {id}")))
        .collect();
    let bytes: Vec<u8> = many.iter().flat_map(Frame::bytes).collect();
    // A frame and a half, then the rest.
    let half = many[0].bytes().len() * 3 / 2;
    client.send_bytes(&bytes[..half])?;
    let mut answers = vec![client.receive()?];
    client.send_bytes(&bytes[half..])?;
    while answers.len() < many.len() {
        answers.push(client.receive()?);
    }
    answers.sort_by_key(|answer| answer.id);
    let wanted: Vec<Frame> = many.iter().map(Frame::echo).collect();
    ensure!(
        answers == wanted,
        "the answers are not what the server sent"
    );
    Ok(())
}

fn untouched(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    let mut frame = Frame::request(0xfffe_fdfc, "\0\u{ff}body").timeout(-1);
    frame.codec = 11;
    frame.class = String::from("a.Class");
    let frame = frame
        .header("twice", "one")
        .header("empty", "")
        .header("twice", "other")
        .header("utf-8", "ä ☃");
    let answer = client.call(&frame)?;
    let calls = server.calls();
    let [arrived] = calls.as_slice() else {
        bail!("the server received {} calls instead of one", calls.len());
    };
    ensure!(arrived.id != frame.id, "the id was not replaced");
    let wanted = Frame {
        id: arrived.id,
        ..frame.clone()
    };
    ensure!(*arrived == wanted, "the request changed on its way");
    ensure!(answer == frame.echo(), "the answer changed on its way");
    Ok(())
}

fn exception(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|frame| {
        let mut thrown = frame.echo().header("why", "it had to");
        thrown.status = Status::SERVER_EXCEPTION;
        thrown.class = String::from(EXCEPTION);
        thrown.body = b"stack trace".to_vec();
        Reply::Frame(Box::new(thrown))
    });
    let host = context.host("", &[server.address()])?;
    let answer = host.connect()?.call(&Frame::request(3, "please fail"))?;
    ensure!(
        answer.status == Status::SERVER_EXCEPTION,
        "status {}",
        answer.status.0
    );
    ensure!(answer.class == EXCEPTION, "the class is gone");
    ensure!(answer.value("why") == Some("it had to"), "a header is gone");
    ensure!(answer.body == b"stack trace", "the body is gone");
    Ok(())
}
