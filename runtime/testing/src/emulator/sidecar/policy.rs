//! What the proxy does with requests.

use meshwire::Bytes;

use meshwire::protocol::PoolMode;

/// Routes, pools and timeouts: the part of a host's configuration that changes what a plugin is
/// asked.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Where requests go.
    pub route: Route,
    /// How connections to servers are used.
    pub pool: PoolMode,
    /// Milliseconds that a request without a timeout of its own may take.
    pub timeout: u64,
    /// Milliseconds after which a request is sent once more.
    pub try_timeout: Option<u64>,
    /// How often a request may be sent once more, after a timeout or when the server has gone.
    pub retries: u32,
    /// Milliseconds without a byte from a server after which it gets a heartbeat.
    pub idle: u64,
    /// The number of the first call on a new connection to a server. Hosts start with 1 and never begin
    /// again; a larger one represents the calls that a connection has had before.
    pub first_id: u64,
}

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To a server.
    Forward,
    /// Nowhere: the host answers itself.
    Hijack {
        /// The host's reason: 404 no route, 502 no server, 503 too many requests, or what a filter
        /// likes.
        status: u32,
        /// The body that the host wants in the answer; filters and direct responses have one.
        body: Bytes,
    },
}

impl Route {
    /// Nowhere, for this reason.
    pub const fn hijack(status: u32) -> Self {
        Self::Hijack {
            status,
            body: Bytes::new(),
        }
    }
}

impl Default for Policy {
    /// Everything goes to one server, in 60 seconds or never; no retries but those after a write that
    /// failed.
    fn default() -> Self {
        Self {
            route: Route::Forward,
            pool: PoolMode::Multiplex,
            timeout: 60_000,
            try_timeout: None,
            retries: 0,
            idle: 15_000,
            first_id: 1,
        }
    }
}
