//! What a protocol requires in the host's configuration.

use super::Protocol;

/// How a host uses the connections to a peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PoolMode {
    /// Many concurrent calls on few connections, matched by their ids.
    #[default]
    Multiplex,
    /// One call at a time on each connection.
    PingPong,
    /// One connection to the peer for each connection of a client.
    Tcp,
}

impl PoolMode {
    /// The mode as MOSN's configuration spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Multiplex => "multiplex",
            Self::PingPong => "ping-pong",
            Self::Tcp => "tcp",
        }
    }
}

/// Whether the host sees bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyMode {
    /// The host and its filters see the body and may replace it.
    #[default]
    Visible,
    /// The host sees an empty body, and the plugin keeps the real one. Saves three copies per frame.
    Hidden,
}

impl BodyMode {
    /// The mode in one word, as configurations spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Hidden => "hidden",
        }
    }
}

/// What a protocol requires of its host. `#[protocol]` generates it from `pool`, `worker_pool` and
/// `body`; `options = custom` leaves it to an impl of your own.
pub trait Options: Protocol {
    /// How connections to a peer are used.
    const POOL: PoolMode = PoolMode::Multiplex;
    /// Whether the host may work on a connection's frames outside of its read loop.
    const WORKER_POOL: bool = true;
    /// Whether the host sees bodies; the plugin's configuration can override it.
    const BODY: BodyMode = BodyMode::Visible;
}
