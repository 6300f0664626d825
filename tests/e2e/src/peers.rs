//! `cargo e2e peers`: the peers without a proxy between them.
//!
//! When a case of the suite fails, this tells whether the peers are to blame.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anstyle::AnsiColor;
use anyhow::{Result, bail, ensure};

use meshwire_support::peers::{
    Answer, Call, Fleet, Kind, Load, Outcome, Peer, Seen, Server, Unsupported,
};

/// Try every client against every server it understands, without a proxy
///
/// Fetches what they need into the target folder first: Java with Maven, Node with npm, Python with
/// pip, Rust with cargo. A table tells what works; `-` is what a library cannot do.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo e2e peers
  cargo e2e peers --only python --only java-bolt")]
pub struct Args {
    /// Only these clients and servers
    #[arg(long, value_name = "KIND")]
    only: Vec<Kind>,
}

/// Runs the command; fails if a peer does.
///
/// # Errors
/// If a peer cannot be installed or started.
pub fn run(args: &Args) -> Result<ExitCode> {
    let fleet = Fleet::new(&meshwire_support::repository::load()?);
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| args.only.is_empty() || args.only.contains(kind))
        .collect();
    for kind in &kinds {
        let start = Instant::now();
        let peer = fleet.peer(*kind)?;
        anstream::println!(
            "{kind:<15} {:<27} ready in {:.1} s",
            peer.process().library(),
            start.elapsed().as_secs_f32()
        );
    }
    anstream::println!("\n{}", heading());
    let mut failures = Vec::new();
    for client in &kinds {
        for server in kinds.iter().filter(|server| client.speaks_with(**server)) {
            let pair = Pair::new(fleet.peer(*client)?, fleet.peer(*server)?)?;
            anstream::println!("{}", row(&pair, &mut failures));
        }
    }
    for failure in &failures {
        anstream::println!("{failure}");
    }
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The longest that a server may take to notice what needs no answer.
const NOTICE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(5);

struct Pair {
    client: Peer,
    host: Peer,
    server: Server,
}

type Check = fn(&Pair) -> Result<String>;

/// What is tried, in the order of the columns.
const CHECKS: [(&str, Check); 10] = [
    ("echo", Pair::echo),
    ("1 MiB", Pair::large),
    ("throws", Pair::throws),
    ("missing", Pair::missing),
    ("timeout", Pair::timeout),
    ("headers", Pair::headers),
    ("one-way", Pair::oneway),
    ("heartbeat", Pair::heartbeat),
    ("restart", Pair::restart),
    ("1000 calls", Pair::load),
];

fn heading() -> String {
    let mut line = format!("{:<15} {:<15}", "client", "server");
    for (name, _) in CHECKS {
        let _ = write!(line, " {name:<9}");
    }
    line.trim_end().to_owned()
}

/// A line of the table; what failed is added to `failures`.
fn row(pair: &Pair, failures: &mut Vec<String>) -> String {
    let mut line = format!("{:<15} {:<15}", pair.client.kind(), pair.host.kind());
    let red = AnsiColor::Red.on_default().bold();
    for (name, check) in CHECKS {
        let _ = match check(pair) {
            Ok(figure) => write!(line, " {figure:<9}"),
            Err(error) if error.is::<Unsupported>() => write!(line, " {:<9}", "-"),
            Err(error) => {
                let (client, server) = (pair.client.kind(), pair.host.kind());
                failures.push(format!("{client} to {server}, {name}: {error:#}"));
                write!(line, " {red}{:<9}{red:#}", "FAILED")
            }
        };
    }
    line.trim_end().to_owned()
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

    fn echo(&self) -> Result<String> {
        for size in [1, 64, 4096] {
            ok(&self.call(&Call::default().size(size))?)?;
        }
        let seen = self.server.seen()?;
        ensure!(seen.calls == 3, "the server has seen {seen:?}");
        Ok("ok".to_owned())
    }

    fn large(&self) -> Result<String> {
        let call = Call::default().size(1 << 20).timeout(NOTICE);
        ok(&self.call(&call)?)
    }

    fn throws(&self) -> Result<String> {
        error(&self.call(&Call::of("fail"))?)
    }

    fn missing(&self) -> Result<String> {
        error(&self.call(&Call::of("missing"))?)
    }

    fn timeout(&self) -> Result<String> {
        let slow = Call::of("slow").delay(Duration::from_millis(600));
        let start = Instant::now();
        let late = self.call(&slow.clone().timeout(Duration::from_millis(200)))?;
        error(&late)?;
        let took = start.elapsed();
        ensure!(took < slow.delay, "the client gave up after {took:?}");
        ok(&self.call(&slow)?)
    }

    fn headers(&self) -> Result<String> {
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
        Ok("ok".to_owned())
    }

    fn oneway(&self) -> Result<String> {
        self.server.seen()?;
        ok(&self.client.oneway(self.address(), &Call::default())?)?;
        self.notices(|seen| seen.oneways)?;
        // The connection has to live on.
        ok(&self.call(&Call::default())?)
    }

    fn heartbeat(&self) -> Result<String> {
        self.server.seen()?;
        ok(&self.client.heartbeat(self.address())?)?;
        self.notices(|seen| seen.heartbeats.unwrap_or(1))?;
        Ok("ok".to_owned())
    }

    /// A server that goes and comes back at the same address.
    fn restart(&self) -> Result<String> {
        let server = self.host.serve()?;
        let address = server.address();
        ok(&self.client.call(address, &Call::default())?)?;
        server.stop()?;
        self.gone(address)?;
        let server = self.host.serve_at(address)?;
        let figure = ok(&self.client.call(address, &Call::default())?)?;
        self.client.disconnect(address)?;
        server.stop().map(|()| figure)
    }

    /// Waits until a server that was stopped is gone: sofa-bolt answers on connections for a moment.
    fn gone(&self, address: SocketAddr) -> Result<()> {
        let call = Call::default().timeout(Duration::from_millis(500));
        let deadline = Instant::now() + NOTICE;
        while self.client.call(address, &call)?.outcome != Outcome::Error {
            ensure!(Instant::now() < deadline, "the server is still there");
        }
        Ok(())
    }

    fn load(&self) -> Result<String> {
        let load = Load::default();
        let start = Instant::now();
        let summary = self.client.load(self.address(), &load)?;
        let took = start.elapsed();
        ensure!(summary.ok == load.calls, "{summary:?}");
        Ok(format!("{} ms", took.as_millis()))
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

fn ok(answer: &Answer) -> Result<String> {
    ensure!(answer.outcome == Outcome::Ok, "{answer:?}");
    Ok("ok".to_owned())
}

fn error(answer: &Answer) -> Result<String> {
    ensure!(answer.outcome == Outcome::Error, "{answer:?}");
    Ok("ok".to_owned())
}
