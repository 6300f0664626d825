//! Third-party clients and servers, with a codec between them.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::mosn::context::Context;
use crate::mosn::host::MosnProcess;
use cargo_meshwire::mosn::codec::Codec;
use meshwire_support::limit::Limit;
use meshwire_support::peers::{Call, CallOutcome, Load, Peer, PeerKind, Seen, Server};

/// Peers of one protocol, and what is put between them.
pub(super) struct Talk<'b> {
    pub(super) context: &'b Context<'b>,
    pub(super) codec: Codec,
    /// Clients and servers that understand each other.
    pub(super) pairs: Vec<(PeerKind, PeerKind)>,
}

impl Talk<'_> {
    /// Does the same with each pair, through a host with the flags of `cargo xtask mosn run`.
    pub(super) fn each(
        &self,
        flags: &str,
        run: impl Fn(&Peer, &Server, SocketAddr) -> Result<()>,
    ) -> Result<()> {
        for (client, server) in &self.pairs {
            let served = self.context.peer(*server)?.serve()?;
            let host = self.host(flags, &served)?;
            run(self.context.peer(*client)?, &served, host.client())
                .with_context(|| format!("{client} to {server}"))?;
        }
        Ok(())
    }

    /// A host before a server.
    fn host(&self, flags: &str, server: &Server) -> Result<MosnProcess> {
        let route = self
            .context
            .route(self.codec.clone(), flags, &[server.address()])?;
        self.context.host_of(&[route], |_| {})
    }

    /// 1,000 calls, each with its own answer.
    pub(super) fn load(&self, flags: &str) -> Result<()> {
        self.each(flags, |client, server, host| {
            let load = Load::default();
            client.load(host, &load)?.complete()?;
            let seen = server.seen()?;
            ensure!(
                seen.calls == load.calls,
                "the server did not get each call once"
            );
            Ok(())
        })
    }

    /// Contents of 1 B to 1 MiB.
    pub(super) fn sizes(&self) -> Result<()> {
        self.each("", |client, _, host| {
            for size in [1, 2, 1000, 16_384, 100_000, 1 << 20] {
                let call = Call::default().size(size).timeout(Duration::from_secs(8));
                let answer = client.call(host, &call)?;
                answer.ok().with_context(|| format!("{size} bytes"))?;
            }
            Ok(())
        })
    }

    /// Errors of the server, as they are without the host.
    pub(super) fn errors(&self) -> Result<()> {
        self.each("", |client, server, host| {
            for call in [
                Call::of("fail"),
                Call::of("missing"),
                Call::default().service("no.Such:1.0"),
            ] {
                let direct = client.call(server.address(), &call)?;
                ensure!(
                    direct.outcome == CallOutcome::Error,
                    "no error without the host either"
                );
                let (found, wanted) = (client.call(host, &call)?.bare(), direct.bare());
                ensure!(found == wanted, "`{found}` instead of `{wanted}`");
            }
            client.call(host, &Call::default())?.ok()
        })
    }

    /// Heartbeats of clients, which go no further.
    pub(super) fn heartbeat(&self) -> Result<()> {
        self.each("", |client, server, host| {
            for _ in 0..3 {
                client.heartbeat(host)?.ok()?;
                client.call(host, &Call::default())?.ok()?;
            }
            let seen = server.seen()?;
            ensure!(seen.heartbeats == Some(0), "they went on to the server");
            ensure!(seen.calls == 3, "the server did not get each call once");
            Ok(())
        })
    }

    /// One-way calls, which arrive once.
    pub(super) fn one_way(&self) -> Result<()> {
        self.each("", |client, server, host| {
            let mut arrived = 0;
            for _ in 0..5 {
                client.oneway(host, &Call::default())?.ok()?;
                client.call(host, &Call::default())?.ok()?;
            }
            eventually(self.context.limit(), server, |seen| {
                arrived += seen.oneways;
                arrived >= 5
            })?;
            ensure!(arrived == 5, "the server saw some of them twice");
            client.call(host, &Call::default())?.ok()
        })
    }
}

/// Asks a server what it has seen until that is enough.
pub(super) fn eventually(
    limit: Limit,
    server: &Server,
    mut enough: impl FnMut(&Seen) -> bool,
) -> Result<()> {
    let end = Instant::now() + limit.step()?;
    while !enough(&server.seen()?) {
        ensure!(Instant::now() < end, "the server saw too little");
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
