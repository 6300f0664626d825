//! The targets, each with what libFuzzer needs to know.

use clap::ValueEnum;

/// A fuzz target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    Parse,
    Rewrite,
    Fronts,
    Owned,
    Mosn,
    Envoy,
    Percall,
    Configs,
    Macros,
    Slow,
}

impl Target {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Parse,
        Self::Rewrite,
        Self::Fronts,
        Self::Owned,
        Self::Mosn,
        Self::Envoy,
        Self::Percall,
        Self::Configs,
        Self::Macros,
        Self::Slow,
    ];

    /// Those that are named, or all.
    pub(crate) fn or_all(named: &[Self]) -> Vec<Self> {
        if named.is_empty() {
            Self::ALL.to_vec()
        } else {
            named.to_vec()
        }
    }

    /// The name of its binary, its corpus and its folders.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Rewrite => "rewrite",
            Self::Fronts => "fronts",
            Self::Owned => "owned",
            Self::Mosn => "mosn",
            Self::Envoy => "envoy",
            Self::Percall => "percall",
            Self::Configs => "configs",
            Self::Macros => "macros",
            Self::Slow => "slow",
        }
    }

    /// What it tries.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Parse => "the bytes of any peer: verdicts that are not taken back, memory",
            Self::Rewrite => "kept frames with another id, headers, body, and back",
            Self::Fronts => "fronts of frames against the whole, and what is written of them",
            Self::Owned => "owned frames against views",
            Self::Mosn => "a plugin in MOSN, with any calls",
            Self::Envoy => "a filter in Envoy, with any bytes, rules and routes",
            Self::Percall => "calls as HTTP/2 streams, any bytes of both sides",
            Self::Configs => "configurations of both hosts, and files of frames",
            Self::Macros => "the macros over any item",
            Self::Slow => "time: nothing takes longer than 10 ms for 64 KiB",
        }
    }

    /// The longest input, in bytes.
    pub(crate) const fn longest(self) -> usize {
        match self {
            Self::Slow => 8192,
            _ => 4096,
        }
    }
}
