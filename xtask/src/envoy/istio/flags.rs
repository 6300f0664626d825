//! What `cargo meshwire envoy config --istio` leaves open.

use std::collections::BTreeSet;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

/// Where the filter is to run, and from which image.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Istio")]
pub struct Flags {
    /// Print resources for Istio instead: a `WasmPlugin`, and for `route` the `EnvoyFilter` that it needs
    #[arg(long, conflicts_with_all = ["client", "upstream", "cluster", "admin", "threads", "log_level"])]
    pub istio: bool,
    /// The image in its registry, by tag; `build-plugin --oci` prints how to push it
    #[arg(long, value_name = "REGISTRY/NAME:TAG", value_parser = image, requires = "istio")]
    pub image: Option<String>,
    /// The digest of the image, if it was made otherwise [default: that of `build-plugin --oci`]
    #[arg(long, value_name = "HEX", value_parser = sha256, requires = "istio")]
    pub sha256: Option<String>,
    /// The secret of the namespace with which the image is pulled
    #[arg(long, value_name = "NAME", requires = "istio")]
    pub pull_secret: Option<String>,
    /// The namespace of the workloads
    #[arg(long, value_name = "NAME", requires = "istio")]
    pub namespace: Option<String>,
    /// A label of the workloads; may be given more than once [default: all of the namespace]
    #[arg(long, value_name = "KEY=VALUE", requires = "istio")]
    pub selector: Vec<Label>,
    /// The port of the service, and that of the process if it is another; may be given more than once
    /// [default: all]
    #[arg(long, value_name = "PORT", requires = "istio", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Vec<u16>,
    /// The side of connections [default: both]
    #[arg(long, value_enum, requires = "istio")]
    pub mode: Option<Mode>,
    /// The position among Istio's own filters [default: after authorization, before the proxy]
    #[arg(long, value_enum, requires = "istio")]
    pub phase: Option<Phase>,
}

impl Flags {
    /// The ports, each once: the CRD refuses a list that has one twice.
    pub(super) fn ports(&self) -> BTreeSet<u16> {
        self.port.iter().copied().collect()
    }
}

/// A label of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl FromStr for Label {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (key, value) = text
            .split_once('=')
            .context("expected `KEY=VALUE`, such as `app=echo`")?;
        // As the CRD wants it: `matchLabels` knows no patterns.
        ensure!(!key.is_empty(), "the key is missing before `=`");
        ensure!(!text.contains('*'), "`*` is not a wildcard here");
        ensure!(value.len() <= 63, "the value has more than 63 characters");
        Ok(Self {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// A side of connections, seen from the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Connections that it opens; gateways have only these
    Client,
    /// Connections that it accepts
    Server,
}

impl Mode {
    /// As `WorkloadMode` spells it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Client => "CLIENT",
            Self::Server => "SERVER",
        }
    }
}

/// A place in the chain of filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// Before authorization and whatever has the phase `authz`: peers that are refused are seen too
    Authn,
    /// Before authorization
    Authz,
    /// After authorization, before Istio's own metrics
    Stats,
}

impl Phase {
    /// As `PluginPhase` spells it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Authn => "AUTHN",
            Self::Authz => "AUTHZ",
            Self::Stats => "STATS",
        }
    }
}

/// An image by its tag, without a scheme.
fn image(text: &str) -> Result<String> {
    let image = text.strip_prefix("oci://").unwrap_or(text);
    if let Some((scheme, _)) = image.split_once("://") {
        bail!("`{scheme}://` is not a registry, expected `registry.example.com/name:tag`");
    }
    if let Some((image, _)) = image.split_once('@') {
        bail!("the digest is added automatically, give the image by its tag: `{image}:1`");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
    ensure!(
        !image.is_empty() && image.chars().all(plain),
        "`{image}` is not an image name, expected `registry.example.com/name:tag`"
    );
    Ok(image.to_owned())
}

/// A digest, with or without the name of its function.
fn sha256(text: &str) -> Result<String> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    let digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    ensure!(
        hex.len() == 64 && hex.chars().all(digit),
        "expected 64 digits of lower-case hex"
    );
    Ok(hex.to_owned())
}
