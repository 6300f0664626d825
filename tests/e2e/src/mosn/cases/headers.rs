//! Headers that the host changes on the way.

use anyhow::{Context as _, Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::Frame;

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "headers-added",
        "a header that the route adds reaches the server",
        added,
    ),
    Case::new(
        "headers-changed",
        "a header that the route changes reaches the server",
        changed,
    ),
    Case::new(
        "headers-removed",
        "a header that the route removes does not",
        removed,
    ),
    Case::new("headers-all", "all three at once, and on the way back", all),
    Case::new(
        "headers-routed",
        "a request without the header of the route is not routed",
        routed,
    ),
];

/// What the server receives of a request with these headers, and what comes back of its answer.
fn through(context: &Context, flags: &str, headers: &[(&str, &str)]) -> Result<(Frame, Frame)> {
    let server = context.server()?;
    let host = context.host(flags, &[server.address()])?;
    let mut frame = Frame::request(11, "a body that stays");
    for (name, value) in headers {
        frame = frame.header(name, value);
    }
    let mut client = host.connect()?;
    let answer = client.call(&frame)?;
    ensure!(answer.body == frame.body, "the body did not come back");
    let calls = server.calls();
    let arrived = calls
        .into_iter()
        .next()
        .context("the server received nothing")?;
    ensure!(arrived.body == frame.body, "the body changed");
    ensure!(arrived.class == frame.class, "the class changed");
    // A frame with other headers has another size, and the next one starts after it.
    client.call(&Frame::request(12, "and another"))?;
    Ok((arrived, answer))
}

/// Names and values, after the service that every request here has.
fn is(frame: &Frame, wanted: &[(&str, &str)]) -> bool {
    let found = frame.headers.iter().skip(1);
    let found: Vec<_> = found
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    frame.value("service") == Some("test.EchoService:1.0") && found == wanted
}

fn added(context: &Context) -> Result<()> {
    let (arrived, _) = through(context, "--add-header zone=blue", &[("a", "1")])?;
    let wanted = is(&arrived, &[("a", "1"), ("zone", "blue")]);
    ensure!(wanted, "the added header did not reach the server");
    Ok(())
}

fn changed(context: &Context) -> Result<()> {
    let sent = [("a", "1"), ("zone", "red"), ("b", "2")];
    let (arrived, _) = through(context, "--set-header zone=ultramarine", &sent)?;
    let wanted = is(&arrived, &[("a", "1"), ("zone", "ultramarine"), ("b", "2")]);
    ensure!(wanted, "the changed header did not reach the server");
    Ok(())
}

fn removed(context: &Context) -> Result<()> {
    let sent = [("a", "1"), ("zone", "red"), ("b", "2")];
    let (arrived, _) = through(context, "--remove-header zone", &sent)?;
    let wanted = is(&arrived, &[("a", "1"), ("b", "2")]);
    ensure!(wanted, "the removed header reached the server");
    Ok(())
}

fn all(context: &Context) -> Result<()> {
    let flags = "--add-header new=1 --set-header old=2 --remove-header gone \
                 --add-response-header by=mosn --remove-response-header sofa_head_response_error";
    let sent = [("old", "x"), ("gone", "y")];
    let (arrived, answer) = through(context, flags, &sent)?;
    ensure!(
        is(&arrived, &[("old", "2"), ("new", "1")]),
        "the server received other headers than the route makes"
    );
    let back: Vec<_> = answer
        .headers
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    ensure!(
        back == [("by", "mosn")],
        "the client received other headers than the route makes"
    );
    Ok(())
}

fn routed(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--route-on zone=blue", &[server.address()])?;
    let mut client = host.connect()?;
    let there = client.call(&Frame::request(1, "there").header("zone", "blue"))?;
    ensure!(
        there.body == b"there",
        "the request with the header was not routed"
    );
    let answer = client.call(&Frame::request(2, "lost").header("zone", "red"))?;
    ensure!(
        answer.body.is_empty(),
        "the request without the header was routed"
    );
    ensure!(
        server.calls().len() == 1,
        "the server received both requests"
    );
    Ok(())
}
