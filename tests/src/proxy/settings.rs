//! What a proxy is started with.

use std::net::SocketAddr;

use meshwire_testing::emulator::{HeaderList, Options, Policy};

/// The settings of a proxy.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where clients connect; port 0 is any that is free.
    pub listen: SocketAddr,
    /// The server.
    pub upstream: SocketAddr,
    /// Milliseconds that a call without a timeout of its own may take.
    pub timeout: u64,
    /// Milliseconds without a byte from the server after which it gets a heartbeat.
    pub keep_alive: u64,
    /// The plugin's configuration and its instances.
    pub options: Options,
    /// What becomes of headers.
    pub edits: Edits,
}

/// Changes of headers on both ways.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Of requests.
    pub request: HeaderEdits,
    /// Of responses.
    pub response: HeaderEdits,
}

/// Changes of headers.
#[derive(Clone, Debug, Default)]
pub struct HeaderEdits {
    /// What headers are to be, whether they are there or not.
    pub set: Vec<(String, String)>,
    /// What goes.
    pub remove: Vec<String>,
}

impl Settings {
    /// Between any port of the loopback interface and `upstream`, with the host's own policy.
    pub fn new(upstream: SocketAddr) -> Self {
        let policy = Policy::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            upstream,
            timeout: policy.timeout,
            keep_alive: policy.idle,
            options: Options::new(),
            edits: Edits::default(),
        }
    }
}

impl HeaderEdits {
    pub(super) fn apply(&self, headers: &mut HeaderList) {
        for (name, value) in &self.set {
            headers.set(name, value);
        }
        for name in &self.remove {
            headers.remove(name);
        }
    }
}
