//! `cargo soak`: mixed traffic through a plugin in a real host, for as long as one likes.
//!
//! - `traffic`, `scenario`, `invalid_traffic`: who calls, and what
//! - `listeners`, `servers`: where, and who answers
//! - `stats`, `memory`: what became of it
//! - `mosn`, `envoy`: the hosts, and what is asked of each at the end

mod envoy;
mod invalid_traffic;
mod listeners;
mod memory;
mod mosn;
mod scenario;
mod servers;
mod stats;
mod traffic;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use cargo_meshwire::toolchain::wrapper;
use clap::Parser;

use self::listeners::{Listeners, ProxyRole};
use self::memory::Memory;
use self::servers::Servers;
use self::stats::TrafficStats;
use meshwire_support::peers::{Load, Peer, Summary};

/// Run mixed traffic through a plugin in a real host, and look for what gets lost
///
/// Callers on bare sockets and a Java client call through a host to two servers, with one-way calls,
/// heartbeats, and what else the host is there for, while connections are cut and servers killed. Every
/// answer is held against its call.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo soak",
    after_help = "\
Examples:
  cargo soak mosn --minutes 1 --kill-every 10
  cargo soak mosn --minutes 10 --engine wasmer
  cargo soak envoy --minutes 1 --kill-every 10"
)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Mosn(mosn::Args),
    Envoy(envoy::Args),
}

/// How often a line reports the progress.
const REPORT: Duration = Duration::from_secs(10);
/// What everything may take beside the traffic.
const MARGIN: Duration = Duration::from_mins(5);

/// Runs the command with the arguments of this process; fails if something got lost.
///
/// It builds plugins, and cargo starts this program once more instead of the compiler for each.
pub fn main() -> ExitCode {
    let done = if wrapper::is_called() {
        wrapper::run()
    } else {
        run(&Args::parse())
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}

fn run(args: &Args) -> Result<ExitCode> {
    let passed = match &args.what {
        What::Mosn(args) => mosn::run(args)?,
        What::Envoy(args) => envoy::run(args)?,
    };
    Ok(ExitCode::from(u8::from(!passed)))
}

/// What a check at the end says.
fn shown(result: &Result<()>, fine: &str) -> String {
    match result {
        Ok(()) => fine.to_owned(),
        Err(error) => format!("{error:#}"),
    }
}

/// How long there is traffic, and how often a server is killed.
struct Plan {
    time: Duration,
    kill: Option<Duration>,
}

impl Plan {
    fn new(minutes: u64, kill_every: u64) -> Self {
        Self {
            time: Duration::from_mins(minutes),
            kill: (kill_every > 0).then(|| Duration::from_secs(kill_every)),
        }
    }

    /// The longest that the whole may take.
    fn limit(&self) -> Duration {
        self.time + MARGIN
    }

    /// All of the traffic, from its start until all is quiet again.
    fn run(
        &self,
        title: &str,
        listeners: &Listeners,
        java: &Peer,
        servers: &mut Servers,
        memory: &mut Memory,
    ) -> Result<TrafficStats> {
        let (stats, stop) = (TrafficStats::default(), AtomicBool::new(false));
        anstream::println!("{title}: {} minutes", self.time.as_secs() / 60);
        let result = thread::scope(|scope| {
            let mut running = traffic::start(scope, listeners, &stats, &stop);
            running.push(scope.spawn(|| real_client(java, listeners, &stats, &stop)));
            let watched = self.watch(servers, memory, &stats);
            stop.store(true, Ordering::Relaxed);
            for one in running {
                one.join()
                    .map_err(|_| anyhow!("a thread of the traffic panicked"))??;
            }
            watched
        });
        result?;
        stats.arrived(servers.one_ways());
        Ok(stats)
    }

    /// Kills and restarts servers in turns, and reports, until the time is up.
    fn watch(
        &self,
        servers: &mut Servers,
        memory: &mut Memory,
        stats: &TrafficStats,
    ) -> Result<()> {
        let start = Instant::now();
        let (mut report, mut kill) = (REPORT, self.kill.unwrap_or(Duration::MAX));
        while start.elapsed() < self.time {
            thread::sleep(Duration::from_secs(1));
            if start.elapsed() > kill {
                kill += self.kill.unwrap_or_default();
                servers.kill_one()?;
                stats.server_killed();
            }
            if start.elapsed() > self.time / 5 {
                memory.look();
            }
            if start.elapsed() > report {
                report += REPORT;
                let seconds = start.elapsed().as_secs();
                anstream::println!("{seconds:6} s  {}, {}", stats.line(), memory.now());
            }
        }
        Ok(())
    }
}

/// A Java client beside the others, at the first listener. Its calls may fail when a server is killed, but
/// get nothing else.
fn real_client(
    client: &Peer,
    listeners: &Listeners,
    stats: &TrafficStats,
    stop: &AtomicBool,
) -> Result<()> {
    let load = Load {
        calls: 300,
        callers: 10,
        size: 300,
        ..Load::default()
    };
    while !stop.load(Ordering::Relaxed) {
        let since = listeners.now(0);
        let summary = client.load(listeners.address(0), &load);
        let excuse = listeners.excuse(since);
        let summary = match summary {
            // Not even connected: its server was gone.
            Err(_) if excuse => Summary {
                failed: load.calls,
                ..Summary::default()
            },
            summary => summary?,
        };
        stats.real_client(&summary);
        if listeners.role == ProxyRole::PassesOn && summary.failed > 0 && !excuse {
            let first = summary.errors.first().map_or("", String::as_str);
            stats.fault(format!("lost: {} calls of Java: {first}", summary.failed));
        }
    }
    Ok(())
}
