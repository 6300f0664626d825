//! Clients and servers that nobody here wrote, as processes that a test directs.
//!
//! Their programs are in `tests/peers`: one process per [`Kind`], a line of JSON for each thing it
//! is to do. [`Fleet::peer`] fetches what a kind needs when it is first asked for, into the target
//! folder, and starts it; dropping the fleet ends them all.
//!
//! Two families speak with each other: the kinds that send plain bytes ([`Kind::is_rpc`] is false),
//! and the two RPC frameworks, whose contents are hessian.

mod fleet;
mod install;
mod peer;
mod process;
pub mod self_check;
mod words;

pub use fleet::Fleet;
pub use peer::{Peer, Server};
pub use process::Process;
pub use words::{Answer, Call, Load, Outcome, Seen, Summary, Unsupported};

/// A library that speaks bolt v1, as client and as server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Kind {
    /// `com.alipay.sofa:bolt` by itself.
    JavaBolt,
    /// `com.alipay.sofa:sofa-rpc-all`.
    JavaRpc,
    /// npm `sofa-bolt-node` by itself.
    NodeBolt,
    /// npm `sofa-rpc-node`.
    NodeRpc,
    /// `anthunder`, of Python.
    Python,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::JavaBolt,
        Self::JavaRpc,
        Self::NodeBolt,
        Self::NodeRpc,
        Self::Python,
    ];

    /// As it is called on command lines and in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::JavaBolt => "java-bolt",
            Self::JavaRpc => "java-rpc",
            Self::NodeBolt => "node-bolt",
            Self::NodeRpc => "node-rpc",
            Self::Python => "python",
        }
    }

    /// Whether it is an RPC framework, whose contents are hessian. The others send plain bytes.
    pub const fn is_rpc(self) -> bool {
        matches!(self, Self::JavaRpc | Self::NodeRpc)
    }

    /// Whether a client of this kind understands a server of that one.
    pub const fn speaks_with(self, server: Self) -> bool {
        self.is_rpc() == server.is_rpc()
    }

    const fn language(self) -> &'static str {
        match self {
            Self::JavaBolt | Self::JavaRpc => "java",
            Self::NodeBolt | Self::NodeRpc => "node",
            Self::Python => "python",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
