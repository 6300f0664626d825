//! `cargo soak mosn`: the traffic through sidecars that answer calls themselves.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::listeners::{Listener, Listeners, ProxyRole};
use super::memory::Memory;
use super::servers::Servers;
use super::{Plan, shown};
use crate::context::Session;
use crate::mosn::context::{Context, Subject};
use crate::mosn::host::MosnProcess;
use crate::mosn::target::{Maker, Target};
use cargo_meshwire::mosn::settings::{Engine, Lean};
use meshwire_support::bolt::{Frame, Status};
use meshwire_support::peers::PeerKind;

/// Run mixed traffic through the bolt plugin in MOSN
///
/// Fails if an answer is lost or goes to another caller, if an instance of the plugin answers no
/// more, or if the host's memory grows by more than a quarter and 32 MiB after the first fifth of
/// the time.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
    /// The engine that runs the plugin
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Whose codec
    #[arg(long, value_enum, default_value_t)]
    codec: Maker,
    /// Whether the host passes frames on itself
    #[arg(long, value_enum, default_value_t)]
    lean: Lean,
    /// Seconds between two kills of a server, 0 for none. Seldom by default: with every connection that is
    /// closed, MOSN keeps what the calls hold that it tries again by another one, whoever made the codec
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    kill_every: u64,
}

/// How many copies of the plugin there are. Few, so that each has many requests to remember until a call
/// is tried for the last time.
const INSTANCES: u32 = 4;

/// Runs the command; whether nothing got lost.
///
/// # Errors
/// If something does not build, or the host does not serve.
pub(super) fn run(args: &Args) -> Result<bool> {
    let plan = Plan::new(args.minutes, args.kill_every);
    let session = Session::new()?;
    let subject = Subject::build(
        &session,
        Target::new(args.codec, args.engine).lean(args.lean),
    )?;
    // What the real client needs is fetched before the clock starts.
    session.fleet.peer(PeerKind::JavaBolt)?;
    let folder = Path::new("soak");
    let context = Context::new(&session, &subject, folder, plan.limit());
    let mut servers = Servers::start(context.limit())?;
    let host = host(&context, &servers)?;
    let listeners = Listeners {
        role: ProxyRole::Mediates,
        all: vec![Listener {
            address: host.client(),
            servers: vec![0, 1],
            denies: false,
        }],
        outages: servers.outages(),
        limit: context.limit(),
    };
    let mut memory = Memory::of(host.id()?);
    let title = subject.target.to_string();
    let stats = plan.run(
        &title,
        &listeners,
        context.peer(PeerKind::JavaBolt)?,
        &mut servers,
        &mut memory,
    )?;
    let answering = all_answer(&host);
    memory.look();
    anstream::println!("{stats}\n{memory}");
    let fine = format!("all {INSTANCES} answer");
    anstream::println!("instances   {}", shown(&answering, &fine));
    Ok(stats.is_clean() && memory.is_flat() && answering.is_ok())
}

fn host(context: &Context, servers: &Servers) -> Result<MosnProcess> {
    let mut flags = String::from(
        "--route-on service --keep-alive 500ms --retries 3 --try-timeout 100ms --add-header zone=blue",
    );
    if context.codec().plugin().is_some() {
        let _ = write!(flags, " --instances {INSTANCES}");
    }
    let route = context.route(context.codec().clone(), &flags, &servers.addresses())?;
    context.host_of(&[route], |config| {
        // Every killed server is worth a line to the host, thousands of times.
        config["servers"][0]["default_log_level"] = "FATAL".into();
    })
}

/// When everything is quiet again: calls, and answers of the host itself, by every instance. Each
/// frame goes to the next one.
fn all_answer(host: &MosnProcess) -> Result<()> {
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
