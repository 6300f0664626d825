//! `cargo soak`: mixed traffic through a plugin in a real host, for as long as one likes.
//!
//! - `traffic`, `wish`, `intruders`: who calls, and what
//! - `doors`, `servers`: where, and who answers
//! - `tally`, `memory`: what became of it
//! - `mosn`, `envoy`: the hosts, and what is asked of each at the end

mod doors;
mod envoy;
mod intruders;
mod memory;
mod mosn;
mod servers;
mod tally;
mod traffic;
mod wish;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use cargo_meshwire::toolchain::wrapper;
use clap::Parser;

use self::doors::{Doors, Role};
use self::memory::Memory;
use self::servers::Servers;
use self::tally::Tally;
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

/// How often a line tells how far it is.
const REPORT: Duration = Duration::from_secs(10);
/// What everything may take beside the traffic.
const MARGIN: Duration = Duration::from_mins(5);

/// Runs the command with the arguments of this process; fails if something got lost.
///
/// It builds plugins, and cargo starts this program once more in the place of the compiler for each.
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
        doors: &Doors,
        java: &Peer,
        servers: &mut Servers,
        memory: &mut Memory,
    ) -> Result<Tally> {
        let (tally, stop) = (Tally::default(), AtomicBool::new(false));
        anstream::println!("{title}: {} minutes", self.time.as_secs() / 60);
        let result = thread::scope(|scope| {
            let mut running = traffic::start(scope, doors, &tally, &stop);
            running.push(scope.spawn(|| real_client(java, doors, &tally, &stop)));
            let watched = self.watch(servers, memory, &tally);
            stop.store(true, Ordering::Relaxed);
            for one in running {
                one.join()
                    .map_err(|_| anyhow!("a thread of the traffic panicked"))??;
            }
            watched
        });
        result?;
        tally.arrived(servers.one_ways());
        Ok(tally)
    }

    /// Kills and restarts servers in turns, and reports, until the time is up.
    fn watch(&self, servers: &mut Servers, memory: &mut Memory, tally: &Tally) -> Result<()> {
        let start = Instant::now();
        let (mut report, mut kill) = (REPORT, self.kill.unwrap_or(Duration::MAX));
        while start.elapsed() < self.time {
            thread::sleep(Duration::from_secs(1));
            if start.elapsed() > kill {
                kill += self.kill.unwrap_or_default();
                servers.kill_one()?;
                tally.server_killed();
            }
            if start.elapsed() > self.time / 5 {
                memory.look();
            }
            if start.elapsed() > report {
                report += REPORT;
                let seconds = start.elapsed().as_secs();
                anstream::println!("{seconds:6} s  {}, {}", tally.line(), memory.now());
            }
        }
        Ok(())
    }
}

/// A Java client beside the others, at the first door. Its calls may fail when a server is killed, but
/// get nothing else.
fn real_client(client: &Peer, doors: &Doors, tally: &Tally, stop: &AtomicBool) -> Result<()> {
    let load = Load {
        calls: 300,
        callers: 10,
        size: 300,
        ..Load::default()
    };
    while !stop.load(Ordering::Relaxed) {
        let since = doors.now(0);
        let summary = client.load(doors.address(0), &load);
        let excuse = doors.excuse(since);
        let summary = match summary {
            // Not even connected: its server was gone.
            Err(_) if excuse => Summary {
                failed: load.calls,
                ..Summary::default()
            },
            summary => summary?,
        };
        tally.real_client(&summary);
        if doors.role == Role::PassesOn && summary.failed > 0 && !excuse {
            let first = summary.errors.first().map_or("", String::as_str);
            tally.fault(format!("lost: {} calls of Java: {first}", summary.failed));
        }
    }
    Ok(())
}
