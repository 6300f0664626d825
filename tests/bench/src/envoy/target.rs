//! What is compared on Envoy.

use clap::ValueEnum;

use super::super::target::Part;

/// One way from the load to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// No hop: what the load and the server could do
    Direct,
    /// `tcp_proxy` alone
    Bare,
    /// A filter that does nothing before it
    Idle,
    /// The plugin before it
    Filter,
    /// The plugin with a line for each call
    AccessLog,
    /// The plugin where the first frame of a connection says where it goes
    Route,
}

/// What the first frame is held within; as many bytes are the most that Envoy keeps back here.
const HOLD: usize = 64 << 10;

impl super::super::target::Target for Target {
    const DIRECT: Self = Self::Direct;
    const BASE: Self = Self::Bare;
    const OF: &'static str = "of tcp_proxy";
    const TITLE: &'static str =
        "Requests per second through one Envoy hop, by filter and size of the body";
    const SHARE: &'static str = "as a share of tcp_proxy alone";

    fn label(self) -> &'static str {
        match self {
            Self::Direct => "no hop",
            Self::Bare => "tcp_proxy alone",
            Self::Idle => "a filter that does nothing",
            Self::Filter => "meshwire",
            Self::AccessLog => "meshwire, access_log at info",
            Self::Route => "meshwire, route",
        }
    }

    fn part(self) -> Part {
        match self {
            Self::Bare => Part::Base,
            Self::Filter | Self::AccessLog | Self::Route => Part::Ours,
            Self::Direct | Self::Idle => Part::Other,
        }
    }

    /// A frame that is larger than what is held says nothing of where it goes.
    fn manages(self, size: usize) -> bool {
        self != Self::Route || size < HOLD
    }
}

impl Target {
    /// Whether frames are looked at.
    pub(super) fn counts(self) -> bool {
        matches!(self, Self::Filter | Self::AccessLog | Self::Route)
    }
}
