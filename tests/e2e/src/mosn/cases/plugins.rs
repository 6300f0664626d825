//! What only plugins have: settings, a log, company.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use crate::mosn::host::MosnProcess;
use crate::mosn::target::{Maker, Target};
use cargo_meshwire::mosn::codec::Codec;
use cargo_meshwire::mosn::plugin::Plugin;
use meshwire_support::bolt::{Frame, Reply, Server, Status};

const SETTING: &str = "a setting of meshwire's plugins";
const NO_PLUGIN: &str = "the Go codec is not a plugin";

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "plugin-hidden-body",
        "with body=hidden every body arrives all the same",
        hidden,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
    Case::new(
        "plugin-hidden-pools",
        "body=hidden with headers changed and every pool",
        hidden_pools,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
    Case::new(
        "plugin-configured",
        "max_frame and no_timeout do what they say",
        configured,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
    Case::new(
        "plugin-log",
        "a refused setting is in MOSN's log, in the plugin's words",
        log,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
    Case::new(
        "plugin-two",
        "two plugins in one MOSN, by different files",
        two,
    )
    .unless(|subject| subject.target.unless_plugin(NO_PLUGIN)),
    Case::new(
        "plugin-twice",
        "one file for two protocols, each with settings of its own",
        twice,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
    Case::new(
        "plugin-shared",
        "the same with one set of instances for both",
        shared,
    )
    .unless(|subject| subject.target.unless_meshwire(SETTING)),
];

fn hidden(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--set body=hidden", &[server.address()])?;
    let mut client = host.connect()?;
    for (id, size) in (1..).zip([0, 1, 1000, 65_536, 1 << 20]) {
        let body: Vec<u8> = (0..size)
            .map(|at: usize| (at * 31 + at / 251) as u8)
            .collect();
        let frame = Frame::request(id, body).header("a", "b");
        client.echo(&frame)?;
        let arrived = server
            .calls()
            .pop()
            .context("the server received nothing")?;
        ensure!(
            arrived.body == frame.body,
            "a body of {size} bytes did not arrive"
        );
    }
    server.behave(|_| Reply::Silent);
    let late = client.call(&Frame::request(90, "silence").timeout(200))?;
    ensure!(
        late.status == Status::TIMEOUT,
        "status {} for silence",
        late.status.0
    );
    Ok(())
}

fn hidden_pools(context: &Context) -> Result<()> {
    for pool in ["multiplex", "ping-pong", "tcp"] {
        let server = context.server()?;
        let flags = format!("--set body=hidden --pool {pool} --add-header zone=blue --instances 1");
        let host = context.host(&flags, &[server.address()])?;
        let mut client = host.connect()?;
        for id in 1..=20 {
            client.echo(&Frame::request(id, format!("{pool} ").repeat(id as usize)))?;
        }
        let calls = server.calls();
        ensure!(calls.len() == 20, "the server did not get each call once");
        let zoned = calls.iter().all(|call| call.value("zone") == Some("blue"));
        ensure!(zoned, "the added header did not reach the server");
    }
    Ok(())
}

fn configured(context: &Context) -> Result<()> {
    let server = context.server()?;
    let flags = "--set max_frame=4096 --set no_timeout=route --timeout 400ms";
    let host = context.host(flags, &[server.address()])?;
    let mut client = host.connect()?;
    client.echo(&Frame::request(1, [7; 3000]))?;
    let mut large = host.connect()?;
    large.send(&Frame::request(2, [7; 5000]))?;
    large.closed().context("a frame over max_frame")?;
    server.behave(|_| Reply::Silent);
    // Without the setting such a call waits for ever.
    let endless = Frame::request(3, "its caller would wait").timeout(-1);
    let answer = client.call(&endless).context("a call without timeout")?;
    ensure!(
        answer.status == Status::TIMEOUT,
        "status {} for silence",
        answer.status.0
    );
    Ok(())
}

fn log(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("--set body=hiden --set max_frame=64", &[server.address()])?;
    let words = "configuration key `body`: `hiden` is not one of `visible`, `hidden`";
    host.wait_for_line(|line| line.contains(words))
        .context("the refused setting")?;
    // The refused configuration is refused as a whole: the defaults hold.
    host.connect()?.echo(&Frame::request(1, [7; 100]))?;
    let mut client = host.connect()?;
    client.send_bytes(b"no bolt frame at all")?;
    client.closed()?;
    let words = "not this protocol: BoltRequest.proto at byte 0";
    host.wait_for_line(|line| line.contains(words))
        .context("the refused frame")?;
    Ok(())
}

/// A host, and what it passes calls on to.
struct Both {
    host: MosnProcess,
    _servers: [Server; 2],
}

/// A host for two plugins with their servers, each call of which reaches its own server.
fn both(context: &Context, ways: [(Codec, &str); 2], patch: fn(&mut Value)) -> Result<Both> {
    let servers = [context.server()?, context.server()?];
    let mut routes = Vec::new();
    for ((codec, flags), server) in ways.into_iter().zip(&servers) {
        routes.push(context.route(codec, flags, &[server.address()])?);
    }
    let host = context.host_of(&routes, patch)?;
    let mut clients = Vec::new();
    for at in 0..routes.len() {
        clients.push(host.connect_to(at)?);
    }
    for id in 1..=20 {
        for (at, client) in clients.iter_mut().enumerate() {
            client.echo(&Frame::request(id, format!("plugin {at} call {id}")))?;
        }
    }
    for (at, server) in servers.iter().enumerate() {
        let calls = server.calls();
        ensure!(calls.len() == 20, "a server did not get each call once");
        let own = format!("plugin {at} ");
        let all = calls
            .iter()
            .all(|call| call.body.starts_with(own.as_bytes()));
        ensure!(all, "a call reached the server of the other plugin");
    }
    Ok(Both {
        host,
        _servers: servers,
    })
}

fn two(context: &Context) -> Result<()> {
    // The plugin of the others, under a protocol of its own.
    let other = match context.target.target.maker {
        Maker::Tinygo => Maker::Meshwire,
        Maker::Meshwire | Maker::Native => Maker::Tinygo,
    };
    let other = Target::new(other, context.target.target.engine).codec(context.workspace())?;
    both(
        context,
        [(context.codec().clone(), ""), (renamed(other)?, "")],
        |_| {},
    )?;
    Ok(())
}

/// The same plugin for another protocol.
fn renamed(codec: Codec) -> Result<Codec> {
    let Codec::Plugin(plugin) = codec else {
        bail!("the codec is not a plugin");
    };
    let protocol = format!("{}-2", plugin.protocol);
    Ok(Codec::Plugin(Plugin { protocol, ..plugin }))
}

fn twice(context: &Context) -> Result<()> {
    let ways = [
        (context.codec().clone(), ""),
        (renamed(context.codec().clone())?, "--set max_frame=500"),
    ];
    settings_of_their_own(&both(context, ways, |_| {})?)
}

fn shared(context: &Context) -> Result<()> {
    let ways = [
        (context.codec().clone(), ""),
        (renamed(context.codec().clone())?, "--set max_frame=500"),
    ];
    let both = both(context, ways, |config| {
        // Both codecs from the instances of the first plugin.
        let first = config["wasm_global_plugins"][0].take();
        let second = &mut config["third_part_codec"]["codecs"][1]["config"];
        second["from_wasm_plugin"] = first["plugin_name"].clone();
        second["root_id"] = 2.into();
        config["wasm_global_plugins"] = vec![first].into();
    })?;
    settings_of_their_own(&both)
}

/// Only the second way has a limit for frames.
fn settings_of_their_own(Both { host, .. }: &Both) -> Result<()> {
    host.connect()?
        .echo(&Frame::request(1, [7; 1000]))
        .context("the plugin without a limit")?;
    let mut limited = host.connect_to(1)?;
    limited.send(&Frame::request(2, [7; 1000]))?;
    limited.closed().context("the plugin with a limit")
}
