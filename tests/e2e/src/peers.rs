//! Peers without a proxy between them: the test target `peers`.
//!
//! When a case of another suite fails, this shows whether the peers are to blame.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::Parser;
use libtest_mimic::Arguments;
use meshwire_support::peers::{Answer, Call, CallOutcome, Load, Peer, PeerKind, Seen, Server};

use crate::case::{Case, Lacks};
use crate::context::Session;
use crate::suite::{self, Target};

/// Try every client with every server it understands, without a proxy
///
/// Fetches what they need into the target folder first: Java with Maven, Node with npm, Python with
/// pip, Rust with cargo. What a library cannot do is ignored, and says so.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo e2e peers --",
    after_help = "\
Examples:
  cargo e2e peers
  cargo e2e peers -- 'python to'
  cargo e2e peers -- --list"
)]
struct Options {
    #[command(flatten)]
    tests: Arguments,
}

/// Runs the suite with the options of this process.
pub fn main() -> ExitCode {
    suite::main(|options: Options, session| {
        let trials = suite::trials(session, targets(), &CASES, |_, _, outcome| outcome);
        Ok(suite::run_all(options.tests, trials))
    })
}

fn targets() -> Vec<Target<Pair>> {
    let mut targets = Vec::new();
    for client in PeerKind::ALL {
        for server in PeerKind::ALL
            .into_iter()
            .filter(|kind| client.speaks_with(*kind))
        {
            let label = format!("{client} to {server}");
            targets.push(Target::new(label, move |session: &Session| {
                let (client, host) = (session.fleet.peer(client)?, session.fleet.peer(server)?);
                Pair::new(client, host)
            }));
        }
    }
    targets
}

/// The longest that a server may take to notice what needs no answer.
const NOTICE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(5);

const CASES: [Case<Pair>; 10] = [
    case("echo", "contents of 1 B to 4 KiB come back", |context| {
        context.target.echo()
    }),
    case("large", "1 MiB comes back", |context| {
        context.target.large()
    }),
    case(
        "throws",
        "an exception of the server is an error",
        |context| context.target.throws(),
    ),
    case("missing", "an unknown method is an error", |context| {
        context.target.missing()
    }),
    case(
        "timeout",
        "a client gives a slow call up, and gets the next answer",
        |context| context.target.timeout(),
    ),
    case(
        "headers",
        "the server sees the headers of the client",
        |context| context.target.headers(),
    ),
    case("one-way", "a one-way call arrives once", |context| {
        context.target.oneway()
    }),
    case("heartbeat", "a heartbeat is answered", |context| {
        context.target.heartbeat()
    }),
    case(
        "restart",
        "a server goes and comes back at the same address",
        |context| context.target.restart(),
    ),
    case("load", "1,000 calls, each with its own answer", |context| {
        context.target.load()
    }),
];

/// Each wait of a case has a timeout of its own; these are for libraries that are fetched and built first.
const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&crate::context::Context<Pair>) -> Result<()>,
) -> Case<Pair> {
    Case::new(name, about, run).seconds(600)
}

struct Pair {
    client: Peer,
    host: Peer,
    server: Server,
}

impl Pair {
    fn new(client: &Peer, server: &Peer) -> Result<Self> {
        Ok(Self {
            client: client.clone(),
            host: server.clone(),
            server: server.serve()?,
        })
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn call(&self, call: &Call) -> Result<Answer> {
        self.client.call(self.address(), call)
    }

    /// The most bytes of a content.
    fn largest(&self) -> usize {
        self.client.kind().largest_content()
    }

    fn echo(&self) -> Result<()> {
        let sizes = [1, 64, 4096].map(|size| size.min(self.largest()));
        for size in sizes {
            ok(&self.call(&Call::default().size(size))?)?;
        }
        let seen = self.server.seen()?;
        ensure!(seen.calls == sizes.len(), "the server has seen {seen:?}");
        Ok(())
    }

    fn large(&self) -> Result<()> {
        if self.largest() < 1 << 20 {
            return Err(Lacks("messages of this protocol are smaller").into());
        }
        let call = Call::default().size(1 << 20).timeout(NOTICE);
        ok(&self.call(&call)?)
    }

    fn throws(&self) -> Result<()> {
        error(&self.call(&Call::of("fail"))?)
    }

    fn missing(&self) -> Result<()> {
        error(&self.call(&Call::of("missing"))?)
    }

    fn timeout(&self) -> Result<()> {
        let slow = Call::of("slow").delay(Duration::from_millis(600));
        let start = Instant::now();
        let late = self.call(&slow.clone().timeout(Duration::from_millis(200)))?;
        error(&late)?;
        let took = start.elapsed();
        ensure!(took < slow.delay, "the client gave up after {took:?}");
        ok(&self.call(&slow)?)
    }

    fn headers(&self) -> Result<()> {
        self.server.seen()?;
        ok(&self.call(&Call::default().header("x-peer", "a b"))?)?;
        let seen = self.server.seen()?;
        let header = seen
            .headers
            .last()
            .and_then(|headers| headers.get("x-peer"));
        ensure!(
            header.is_some_and(|value| value == "a b"),
            "the server has seen {seen:?}"
        );
        Ok(())
    }

    fn oneway(&self) -> Result<()> {
        self.server.seen()?;
        ok(&self.client.oneway(self.address(), &Call::default())?)?;
        self.notices(|seen| seen.oneways)?;
        // The connection has to live on.
        ok(&self.call(&Call::default())?)
    }

    fn heartbeat(&self) -> Result<()> {
        self.server.seen()?;
        ok(&self.client.heartbeat(self.address())?)?;
        self.notices(|seen| seen.heartbeats.unwrap_or(1))?;
        Ok(())
    }

    /// A server that goes and comes back at the same address.
    fn restart(&self) -> Result<()> {
        let server = self.host.serve()?;
        let address = server.address();
        ok(&self.client.call(address, &Call::default())?)?;
        server.stop()?;
        self.gone(address)?;
        let server = self.host.serve_at(address)?;
        ok(&self.client.call(address, &Call::default())?)?;
        self.client.disconnect(address)?;
        server.stop()
    }

    /// Waits until a server that was stopped is gone: sofa-bolt answers on connections for a moment.
    fn gone(&self, address: SocketAddr) -> Result<()> {
        let call = Call::default().timeout(Duration::from_millis(500));
        let deadline = Instant::now() + NOTICE;
        while self.client.call(address, &call)?.outcome != CallOutcome::Error {
            ensure!(Instant::now() < deadline, "the server is still there");
        }
        Ok(())
    }

    fn load(&self) -> Result<()> {
        let load = Load::default();
        let summary = self.client.load(self.address(), &load)?;
        ensure!(summary.ok == load.calls, "{summary:?}");
        Ok(())
    }

    /// Waits until the server has seen one of what `count` counts.
    fn notices(&self, count: fn(&Seen) -> usize) -> Result<()> {
        let deadline = Instant::now() + NOTICE;
        while Instant::now() < deadline {
            match count(&self.server.seen()?) {
                0 => std::thread::sleep(LOOK),
                1 => return Ok(()),
                more => bail!("the server has seen {more} of it"),
            }
        }
        bail!("the server has seen nothing of it")
    }
}

fn ok(answer: &Answer) -> Result<()> {
    ensure!(answer.outcome == CallOutcome::Ok, "{answer:?}");
    Ok(())
}

fn error(answer: &Answer) -> Result<()> {
    ensure!(answer.outcome == CallOutcome::Error, "{answer:?}");
    Ok(())
}
