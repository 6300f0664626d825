//! What third-party clients make of the host's own answers.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use meshwire_support::bolt::{Frame, Reply};
use meshwire_support::peers::{Call, CallOutcome, PeerKind};
use meshwire_support::ports;

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "verdict-no-route",
        "no route, to clients of each library",
        no_route,
    )
    .seconds(120),
    Case::new(
        "verdict-no-upstream",
        "no server, to clients of each library",
        no_upstream,
    )
    .seconds(120),
    Case::new(
        "verdict-timeout",
        "a silent server, to clients of each library",
        timeout,
    )
    .seconds(120),
    Case::new(
        "verdict-overflow",
        "too many calls, to clients of each library",
        overflow,
    )
    .seconds(120),
];

/// How a library reports an answer of the host.
struct ErrorTexts {
    client: PeerKind,
    no_processor: &'static str,
    timeout: &'static str,
    busy: &'static str,
}

/// sofa-rpc-node has one text for every status that it does not expect.
const NODE_RPC: &str = "Server exception when invoke with callback";

const LIBRARIES: [ErrorTexts; 5] = [
    ErrorTexts {
        client: PeerKind::JavaBolt,
        no_processor: "NO_PROCESSOR",
        timeout: "responseCommand TIMEOUT",
        busy: "InvokeServerBusyException",
    },
    ErrorTexts {
        client: PeerKind::JavaRpc,
        no_processor: "NO_PROCESSOR",
        timeout: "responseCommand TIMEOUT",
        busy: "InvokeServerBusyException",
    },
    ErrorTexts {
        client: PeerKind::NodeBolt,
        no_processor: "status 6",
        timeout: "status 7",
        busy: "status 4",
    },
    ErrorTexts {
        client: PeerKind::NodeRpc,
        no_processor: NODE_RPC,
        timeout: NODE_RPC,
        busy: NODE_RPC,
    },
    ErrorTexts {
        client: PeerKind::Python,
        no_processor: "NO_PROCESSOR",
        timeout: "status 7",
        busy: "SERVER_THREADPOOL_BUSY",
    },
];

/// One call by each library, which has to report it in its own text.
fn reported(
    context: &Context,
    host: &crate::mosn::host::MosnProcess,
    call: &Call,
    text: fn(&ErrorTexts) -> &'static str,
) -> Result<()> {
    for library in &LIBRARIES {
        let client = context.peer(library.client)?;
        let answer = client.call(host.client(), call)?;
        let found = format!("{} {}", answer.error, answer.text);
        let wanted = text(library);
        ensure!(
            answer.outcome == CallOutcome::Error && found.contains(wanted),
            "{} does not report `{wanted}` but `{}`",
            library.client,
            found.trim()
        );
        client
            .disconnect(host.client())
            .context("cannot disconnect")?;
    }
    Ok(())
}

fn no_route(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--route-on zone=blue", &[server.address()])?;
    reported(context, &host, &Call::default(), |texts| texts.no_processor)?;
    ensure!(server.calls().is_empty(), "a call reached the server");
    Ok(())
}

fn no_upstream(context: &Context) -> Result<()> {
    let host = context.host("", &[ports::free()?])?;
    reported(context, &host, &Call::default(), |texts| texts.no_processor)
}

fn timeout(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    // The host gives up after some tries, long before the clients do.
    let host = context.host("--retries 3 --try-timeout 100ms", &[server.address()])?;
    let call = Call::default().timeout(Duration::from_secs(5));
    reported(context, &host, &call, |texts| texts.timeout)?;
    ensure!(
        server.calls().len() >= LIBRARIES.len(),
        "a call did not reach the server"
    );
    Ok(())
}

fn overflow(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|_| Reply::Silent);
    let host = context.host("--one-hop --max-requests 1", &[server.address()])?;
    let mut holder = host.connect()?;
    holder.send(&Frame::request(1, "holds the only place").timeout(60_000))?;
    server.wait_for_calls(1)?;
    reported(context, &host, &Call::default(), |texts| texts.busy)
}
