//! `cargo xtask soak`: mixed traffic through a plugin in MOSN, for as long as one likes.

mod memory;
mod servers;
mod tally;
mod traffic;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use self::memory::Memory;
use self::servers::Servers;
use self::tally::Tally;
use super::bed::{Bed, Ground};
use super::case::Case;
use super::column::{Column, Maker};
use super::host::Host;
use super::peers::{Fleet, Kind, Load};
use super::wire::{Frame, Status};
use crate::mosn::settings::Engine;
use crate::workspace::Workspace;

/// Run mixed traffic through a plugin in MOSN, and look for what gets lost
///
/// Callers on bare sockets and a Java client call through two sidecars to two servers, with
/// one-way calls, heartbeats, timeouts, retries, and calls that no route takes, while connections
/// are cut and servers killed. Every answer is held against its call.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask soak mosn --minutes 1 --kill-every 10
  cargo xtask soak mosn --minutes 10 --engine wasmer")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Mosn(Mosn),
}

/// Run mixed traffic through the bolt plugin in MOSN
///
/// Fails if an answer is lost or goes to another caller, if an instance of the plugin answers no
/// more, or if the host's memory grows by more than a quarter and 32 MiB after the first fifth of
/// the time.
#[derive(clap::Args, Debug)]
struct Mosn {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// What runs the plugin
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Whose codec
    #[arg(long, value_enum, default_value_t)]
    codec: Maker,
    /// Seconds between two kills of a server, 0 for none. Seldom by default: with every connection that is
    /// closed, MOSN keeps what the calls hold that it tries again by another one, whoever made the codec
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    kill_every: u64,
}

/// How many copies of the plugin there are. Few, so that each has many requests to remember until a call
/// is tried for the last time.
const INSTANCES: u32 = 4;
/// How often a line tells how far it is.
const REPORT: Duration = Duration::from_secs(10);

/// Runs the command; fails if something got lost.
///
/// # Errors
/// If something does not build, or the host does not serve.
pub fn run(args: &Args) -> Result<ExitCode> {
    let What::Mosn(mosn) = &args.what;
    let fleet = Fleet::new(&Workspace::load()?);
    let column = Column::new(mosn.codec, mosn.engine);
    let ground = Ground::prepare(column, &fleet)?;
    // What the real client needs is fetched before the clock starts.
    fleet.peer(Kind::JavaBolt)?;
    let case = Case::new("soak", "", |_| Ok(())).seconds(mosn.minutes * 60 + 300);
    let time = Duration::from_mins(mosn.minutes);
    let kill = (mosn.kill_every > 0).then(|| Duration::from_secs(mosn.kill_every));
    let passed = soak(&ground.bed(&case), time, kill)?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn soak(bed: &Bed, time: Duration, kill: Option<Duration>) -> Result<bool> {
    let mut servers = Servers::start(bed.limit())?;
    let host = host(bed, &servers)?;
    let (tally, stop) = (Tally::default(), AtomicBool::new(false));
    let mut memory = Memory::of(host.id()?);
    anstream::println!("{}: {} minutes", bed.column(), time.as_secs() / 60);
    let start = Instant::now();
    let result = thread::scope(|scope| {
        let mut running = traffic::start(scope, &host, bed.limit(), &tally, &stop);
        running.push(scope.spawn(|| real_client(bed, &host, &tally, &stop)));
        let watched = watch(&mut servers, &mut memory, &tally, start, time, kill);
        stop.store(true, Ordering::Relaxed);
        for one in running {
            one.join()
                .map_err(|_| anyhow!("a thread of the traffic panicked"))??;
        }
        watched
    });
    result?;
    let answering = all_answer(&host);
    memory.look();
    tally.arrived(servers.one_ways());
    anstream::println!("{tally}");
    anstream::println!("{memory}");
    match &answering {
        Ok(()) => anstream::println!("instances   all {INSTANCES} answer"),
        Err(error) => anstream::println!("instances   {error:#}"),
    }
    Ok(tally.is_clean() && memory.is_flat() && answering.is_ok())
}

fn host(bed: &Bed, servers: &Servers) -> Result<Host> {
    let mut flags = String::from(
        "--route-on service --keep-alive 500ms --retries 3 --try-timeout 100ms --add-header zone=blue",
    );
    if bed.codec().plugin().is_some() {
        let _ = write!(flags, " --instances {INSTANCES}");
    }
    let lane = bed.lane(bed.codec().clone(), &flags, &servers.addresses())?;
    bed.host_of(&[lane], |config| {
        // Every killed server is worth a line to the host, thousands of times.
        config["servers"][0]["default_log_level"] = "FATAL".into();
    })
}

/// Kills and restarts servers in turns, and reports, until the time is up.
fn watch(
    servers: &mut Servers,
    memory: &mut Memory,
    tally: &Tally,
    start: Instant,
    time: Duration,
    every: Option<Duration>,
) -> Result<()> {
    let (mut report, mut kill) = (REPORT, every.unwrap_or(Duration::MAX));
    while start.elapsed() < time {
        thread::sleep(Duration::from_secs(1));
        if start.elapsed() > kill {
            kill += every.unwrap_or_default();
            servers.kill_one()?;
            tally.server_killed();
        }
        if start.elapsed() > time / 5 {
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

/// A Java client beside the others. Its calls may fail when a server is killed, but nothing else.
fn real_client(bed: &Bed, host: &Host, tally: &Tally, stop: &AtomicBool) -> Result<()> {
    let client = bed.peer(Kind::JavaBolt)?;
    let load = Load {
        calls: 300,
        callers: 10,
        size: 300,
        ..Load::default()
    };
    while !stop.load(Ordering::Relaxed) {
        let summary = client.load(host.client(), &load)?;
        tally.real_client(&summary);
    }
    Ok(())
}

/// When everything is quiet again: calls, and answers of the host itself, by every instance. Each
/// frame goes to the next one.
fn all_answer(host: &Host) -> Result<()> {
    let mut client = host.connect().context("a client at the end")?;
    for round in 0..4 * INSTANCES {
        client.echo(&Frame::request(2 * round, format!("at the end {round}")))?;
        let mut lost = Frame::request(2 * round + 1, "nowhere");
        lost.headers.clear();
        let status = client.call(&lost)?.status;
        ensure!(
            status == Status::NO_PROCESSOR,
            "status {} for no route",
            status.0
        );
    }
    Ok(())
}
