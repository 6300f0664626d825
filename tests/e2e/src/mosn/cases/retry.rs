//! A second try at another server.

use anyhow::{Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Frame, Reply};
use meshwire_support::ports;

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "retry-closed",
        "the first server closes the connection, the second answers",
        closed,
    ),
    Case::new(
        "retry-timeout",
        "the first server is silent for a try, the second answers",
        silent,
    ),
    Case::new(
        "retry-refused",
        "the first address refuses connections, the second answers",
        refused,
    ),
];

const CALLS: u32 = 10;

/// All calls are answered by the good server, also those that the bad one was asked first.
fn retried(context: &Context, bad: Reply) -> Result<()> {
    let (first, second) = (context.server()?, context.server()?);
    first.behave(move |_| bad.clone());
    let flags = "--retries 3 --try-timeout 300ms --add-header zone=blue";
    let host = context.host(flags, &[first.address(), second.address()])?;
    let mut client = host.connect()?;
    for id in 1..=CALLS {
        let frame = Frame::request(id, format!("call {id}").repeat(id as usize)).header("a", "b");
        client.echo(&frame)?;
    }
    let tried = first.calls();
    ensure!(!tried.is_empty(), "the first server was never asked");
    let answered = second.calls();
    ensure!(
        answered.len() == CALLS as usize,
        "the second server did not get each call once"
    );
    for (id, frame) in (1..).zip(&answered) {
        let sent = Frame::request(frame.id, format!("call {id}").repeat(id)).header("a", "b");
        ensure!(
            *frame == sent.header("zone", "blue"),
            "a call changed by the second try"
        );
    }
    let again = tried
        .iter()
        .all(|try_| answered.iter().any(|call| call.body == try_.body));
    ensure!(
        again,
        "what the first server received is not a call of these"
    );
    Ok(())
}

fn closed(context: &Context) -> Result<()> {
    retried(context, Reply::Close)
}

fn silent(context: &Context) -> Result<()> {
    retried(context, Reply::Silent)
}

fn refused(context: &Context) -> Result<()> {
    let (closed_port, server) = (ports::free()?, context.server()?);
    let host = context.host("--retries 3", &[closed_port, server.address()])?;
    let mut client = host.connect()?;
    for id in 1..=CALLS {
        client.echo(&Frame::request(id, format!("call {id}")))?;
    }
    ensure!(
        server.calls().len() == CALLS as usize,
        "the server did not get each call once"
    );
    Ok(())
}
