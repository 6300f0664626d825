//! What Envoy's HTTP stack does with each call, as `envoy config --per-call` has it, and what the client gets.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cargo_meshwire::envoy::per_call::Policies;
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::{Cluster, Settings};
use meshwire_support::bolt::{Client, Frame, Reply, Server, Status};
use meshwire_support::ports;

use crate::envoy::context::{Context, EnvoyProcess, eventually};

/// The bodies of answers say who has answered.
const BLUE: &[u8] = b"blue";

/// A call of this service, with a method: a callee without one is not certain.
fn call(service: &str) -> Frame {
    let mut call = Frame::request(1, service);
    call.headers.clear();
    call.header("service", service)
        .header("sofa_head_method_name", "echo")
}

fn blue(frame: &Frame) -> Reply {
    Reply::Frame(Box::new(Frame {
        body: BLUE.to_vec(),
        ..frame.echo()
    }))
}

fn busy(frame: &Frame) -> Reply {
    Reply::Frame(Box::new(Frame {
        status: Status::BUSY,
        ..frame.echo()
    }))
}

fn policies() -> Policies {
    Policies {
        per_call: true,
        ..Settings::default().calls
    }
}

fn host(
    context: &Context,
    upstream: &[SocketAddr],
    others: &[(&str, SocketAddr)],
    calls: Policies,
) -> Result<EnvoyProcess> {
    let cluster = others.iter().map(|(name, server)| Cluster {
        name: (*name).to_owned(),
        server: *server,
    });
    let settings = Settings {
        client: ports::free()?,
        admin: ports::free()?,
        upstream: upstream.to_vec(),
        cluster: cluster.collect(),
        calls,
        ..Settings::default()
    };
    let (workspace, name) = (context.workspace(), context.protocol().plugin);
    let library = &context.target.module;
    context.started(|folder, log| Envoy::start(workspace, &settings, name, library, folder, log))
}

fn connect(context: &Context, host: &EnvoyProcess) -> Result<Client> {
    Client::connect(host.address(), context.limit())
}

/// The answer of Envoy itself has this status, in the protocol.
fn is_answered(client: &mut Client, call: &Frame, status: Status) -> Result<()> {
    let answer = client.call(call)?;
    ensure!(
        answer.status == status && answer.id == call.id,
        "{answer:?} instead of {status:?}"
    );
    Ok(())
}

/// Calls of one connection go where their service is; by weight, and copies where they are wanted.
pub(super) fn routes(context: &Context) -> Result<()> {
    let default = Server::start(context.limit())?;
    let other = Server::behaving(context.limit(), blue)?;
    let copies = Server::start(context.limit())?;
    let calls = Policies {
        route: vec![
            "a.Blue=blue".parse()?,
            "a.Mixed=default:90,blue:10".parse()?,
        ],
        mirror: Some("copies".to_owned()),
        ..policies()
    };
    let clusters = [("blue", other.address()), ("copies", copies.address())];
    let host = host(context, &[default.address()], &clusters, calls)?;
    let mut client = connect(context, &host)?;
    client.echo(&call("a.Default"))?;
    ensure!(client.call(&call("a.Blue"))?.body == BLUE, "not by service");
    let mut weighted = 0;
    for _ in 0..500 {
        let answer = client.call(&call("a.Mixed"))?;
        weighted += usize::from(answer.body == BLUE);
    }
    // A tenth of 500, and six standard deviations of 6.7.
    ensure!((10..=90).contains(&weighted), "{weighted} of 500");
    let calls = copies.wait_for_calls(502)?;
    ensure!(calls.len() == 502, "{} copies", calls.len());
    host.counts("local_replies", 0)
}

/// Each reason for which no server answers has the protocol's own status.
pub(super) fn statuses(context: &Context) -> Result<()> {
    let server = Server::behaving(context.limit(), |frame| match frame.body.as_slice() {
        b"a.Slow" => Reply::Silent,
        _ => Reply::Echo,
    })?;
    let calls = Policies {
        route: vec!["a.Dead=dead".parse()?],
        deny: vec!["a.Denied/echo".parse()?],
        ..policies()
    };
    let dead = [("dead", ports::free()?)];
    let host_of_rules = host(context, &[server.address()], &dead, calls)?;
    let mut client = connect(context, &host_of_rules)?;
    client.echo(&call("a.Echo"))?;
    is_answered(&mut client, &call("a.Dead"), Status::NO_PROCESSOR)?;
    is_answered(&mut client, &call("a.Denied"), Status::SERVER_EXCEPTION)?;
    is_answered(&mut client, &call("a.Slow").timeout(200), Status::TIMEOUT)?;
    // Servers may find another service in it than the rule.
    let two = call("a.Echo").header("sofa_head_target_service", "a.Denied");
    is_answered(&mut client, &two, Status::SERVER_EXCEPTION)?;
    host_of_rules.counts("local_replies", 4)?;
    drop(host_of_rules);

    let limits = Policies {
        calls: 1,
        ..policies()
    };
    let host_of_limits = host(context, &[server.address()], &[], limits)?;
    let mut client = connect(context, &host_of_limits)?;
    client.send(&call("a.Slow"))?;
    eventually("the call that is under way", || {
        Ok(server
            .calls()
            .iter()
            .filter(|call| call.body == b"a.Slow")
            .count()
            == 2)
    })?;
    let mut other = connect(context, &host_of_limits)?;
    is_answered(&mut other, &call("a.Echo"), Status::BUSY)?;
    drop(host_of_limits);

    let rate = Policies {
        rate: Some(2),
        ..policies()
    };
    let host = host(context, &[server.address()], &[], rate)?;
    let mut client = connect(context, &host)?;
    client.echo(&call("a.Echo"))?;
    client.echo(&call("a.Echo"))?;
    is_answered(&mut client, &call("a.Echo"), Status::ERROR)
}

/// A call that a server does not take goes to another one.
pub(super) fn retries(context: &Context) -> Result<()> {
    let taken = Server::behaving(context.limit(), busy)?;
    let free = Server::start(context.limit())?;
    let upstream = [taken.address(), free.address(), ports::free()?];
    let calls = Policies {
        retries: 2,
        ..policies()
    };
    let host = host(context, &upstream, &[], calls)?;
    let mut client = connect(context, &host)?;
    for id in 0..60 {
        let mut call = call("a.Echo");
        call.id = id;
        client.echo(&call).with_context(|| format!("call {id}"))?;
    }
    ensure!(!taken.calls().is_empty(), "none had to be tried again");
    ensure!(free.calls().len() == 60, "calls were answered twice");
    host.counts("local_replies", 0)
}

/// Heartbeats say which servers are there.
pub(super) fn health(context: &Context) -> Result<()> {
    let (stuck, well) = (
        Server::start(context.limit())?,
        Server::start(context.limit())?,
    );
    stuck.ignore_heartbeats();
    let calls = Policies {
        health_check: Some(1),
        ..policies()
    };
    let upstream = [stuck.address(), well.address()];
    let host = host(context, &upstream, &[], calls)?;
    stuck.wait_for_heartbeats(2)?;
    well.wait_for_heartbeats(2)?;
    // The answer to the second one is late by then.
    std::thread::sleep(Duration::from_millis(1500));
    let before = stuck.calls().len();
    let mut client = connect(context, &host)?;
    for _ in 0..20 {
        client.echo(&call("a.Echo"))?;
    }
    ensure!(stuck.calls().len() == before, "a stuck server got calls");
    Ok(())
}
