//! `cargo soak envoy`: the traffic through filters that watch it, and refuse some.

mod host;
mod ledger;

use std::thread;

use anyhow::{Context, Result, ensure};

use self::host::SoakHost;
use super::listeners::{Listeners, ProxyRole};
use super::memory::Memory;
use super::servers::Servers;
use super::{Plan, shown};
use cargo_meshwire::envoy::admin::COUNTER_LAG;
use cargo_meshwire::envoy::settings;
use meshwire_support::bolt::Frame;
use meshwire_support::limit::Limit;
use meshwire_support::peers::{Fleet, PeerKind};

/// Run mixed traffic through the bolt filter in Envoy
///
/// Three listeners, whose filters watch, deny and route, on two threads. Fails if an answer is lost or
/// goes to another caller, if what the filters counted is not what both ends sent and received, if a
/// virtual machine has failed or a thread has none, or if the host's memory grows by more than a quarter
/// and 32 MiB after the first fifth of the time.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// Seconds between two kills of a server, 0 for none. It takes all connections with it that go there
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    kill_every: u64,
}

/// The plugin in `examples/`.
const PLUGIN: &str = "bolt";
/// Connections at the end: enough for each thread to get some.
const LAST: usize = 32;

/// Runs the command; whether nothing got lost.
///
/// # Errors
/// If something does not build, or the host does not serve.
pub(super) fn run(args: &Args) -> Result<bool> {
    let plan = Plan::new(args.minutes, args.kill_every);
    let workspace = meshwire_support::repository::load()?;
    let fleet = Fleet::new(&workspace);
    let plugin = settings::module(&workspace, PLUGIN)?;
    // What the real client needs is fetched before the clock starts.
    let java = fleet.peer(PeerKind::JavaBolt)?;
    let limit = Limit::of(plan.limit());
    let mut servers = Servers::start(limit)?;
    let host = SoakHost::start(&workspace, &plugin, servers.addresses())?;
    let listeners = Listeners {
        role: ProxyRole::PassesOn,
        all: host.listeners(),
        outages: servers.outages(),
        limit,
    };
    let mut memory = Memory::of(host.id()?);
    let title = "meshwire in Envoy, three filters on two threads";
    let stats = plan.run(title, &listeners, java, &mut servers, &mut memory)?;
    let frames = stats.frames(servers.requests());
    let counted = ledger::settle(&host, &frames);
    let alive = all_see(&host, &listeners);
    memory.look();
    let filtered = host.stats()?;
    anstream::println!("{stats}\n{memory}");
    anstream::println!("filters     {}", ledger::summary(&filtered));
    anstream::println!("counters    {}", shown(&counted, "add up"));
    anstream::println!(
        "machines    {}",
        shown(&alive, "none has failed, and each thread has one that sees")
    );
    let stopped = host.stop();
    anstream::println!("host        {}", shown(&stopped, "ended as it should"));
    let checks = [counted, alive, stopped];
    Ok(stats.is_clean() && memory.is_flat() && checks.iter().all(Result::is_ok))
}

/// When everything is quiet again: calls by new connections, each of which the filters have to see. A
/// machine that has failed would let them pass unseen.
fn all_see(host: &SoakHost, listeners: &Listeners) -> Result<()> {
    host.no_machine_failed()?;
    thread::sleep(COUNTER_LAG);
    let before = host.stats()?;
    let mut clients = Vec::new();
    for number in 0..LAST {
        let mut client = listeners.client(number % listeners.all.len())?;
        let call = Frame::request(number as u32, format!("at the end {number}"));
        client.echo(&call).context("a call at the end")?;
        clients.push(client);
    }
    thread::sleep(COUNTER_LAG);
    let after = host.stats()?;
    for name in ["connections", "frames.request", "frames.response"] {
        let seen = ledger::count(&after, name) - ledger::count(&before, name);
        ensure!(
            seen == LAST as u64,
            "`{name}` has grown by {seen} for {LAST} calls"
        );
    }
    for thread in 0..host::THREADS {
        let got = host::connections(&after, thread) - host::connections(&before, thread);
        ensure!(got > 0, "thread {thread} got none of the last connections");
    }
    Ok(())
}
