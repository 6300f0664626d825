//! What a case works with in MOSN.

use std::net::SocketAddr;

use anyhow::Result;
use cargo_meshwire::mosn::build::{self, Flavour};
use cargo_meshwire::mosn::codec::Codec;
use cargo_meshwire::mosn::plugin::Plugin;
use cargo_meshwire::mosn::routes::{self, CodecRoute};
use cargo_meshwire::mosn::settings::Settings;
use clap::{Args as _, FromArgMatches as _};
use meshwire_support::bolt::Server;
use meshwire_support::ports;
use serde_json::Value;

use super::host::MosnProcess;
use super::target::Target;
use crate::context::Session;

/// What cases are tried with: a target, built.
pub(crate) struct Subject {
    /// What it is.
    pub(crate) target: Target,
    /// Its codec.
    pub(crate) codec: Codec,
}

impl Subject {
    /// Builds what the target needs.
    ///
    /// # Errors
    /// If a compiler is missing, or something does not build.
    pub(crate) fn build(session: &Session, target: Target) -> Result<Self> {
        let codec = target.codec(&session.workspace)?;
        build::binary(&session.workspace, target.engine.flavour())?;
        Ok(Self { target, codec })
    }
}

/// What a case works with.
pub(crate) type Context<'s> = crate::context::Context<'s, Subject>;

impl Context<'_> {
    /// The codec that is judged.
    pub(crate) fn codec(&self) -> &Codec {
        &self.target.codec
    }

    /// Another plugin of this repository, built if need be.
    ///
    /// # Errors
    /// If there is no plugin of this name, or it does not build.
    pub(crate) fn plugin(&self, name: &str) -> Result<Codec> {
        Plugin::find(self.workspace(), name, None).map(Codec::Plugin)
    }

    /// A server that echoes.
    ///
    /// # Errors
    /// If there is no port to listen on.
    pub(crate) fn server(&self) -> Result<Server> {
        Server::start(self.limit())
    }

    /// A host between its client listener and `upstream`, with the flags of `cargo xtask mosn run`.
    ///
    /// # Errors
    /// If the flags are wrong, or the host does not serve.
    pub(crate) fn host(&self, flags: &str, upstream: &[SocketAddr]) -> Result<MosnProcess> {
        let route = self.route(self.codec().clone(), flags, upstream)?;
        self.host_of(&[route], |_| {})
    }

    /// The way of calls through a host, on ports that are free.
    ///
    /// # Errors
    /// If the flags are wrong.
    pub(crate) fn route(
        &self,
        codec: Codec,
        flags: &str,
        upstream: &[SocketAddr],
    ) -> Result<CodecRoute> {
        let words = ["xtask"].into_iter().chain(flags.split_whitespace());
        let command = Settings::augment_args(clap::Command::new("xtask"));
        let mut settings = Settings::from_arg_matches(&command.try_get_matches_from(words)?)?;
        settings.client = ports::free()?;
        settings.server = ports::free()?;
        settings.upstream = upstream.to_vec();
        if !flags.contains("--engine") {
            settings.engine = self.target.target.engine;
        }
        // What comes with a case may be MOSN's own codec, which the flag is not for.
        if codec.plugin().is_some() && !flags.contains("--lean") {
            settings.lean = self.target.target.lean;
        }
        Ok(CodecRoute { codec, settings })
    }

    /// A host for several codecs, its configuration changed by `patch`.
    ///
    /// # Errors
    /// If it does not serve.
    pub(crate) fn host_of(
        &self,
        routes: &[CodecRoute],
        patch: impl FnOnce(&mut Value),
    ) -> Result<MosnProcess> {
        let flavour = match self.target.target.engine.flavour() {
            Flavour::Static => routes::flavour(routes),
            stock @ Flavour::Stock => stock,
        };
        let binary = build::binary(self.workspace(), flavour)?;
        let (log, number) = self.log();
        let folder = self.folder().join(number.to_string());
        MosnProcess::start(&binary, routes, patch, folder, log, self.limit())
    }
}
