//! A peer and the requests to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::protocol::read;
use super::{Answer, Call, Load, PeerKind, Process, Seen, Summary, Unsupported};

/// The longest that starting or stopping a server may take.
const SERVER: Duration = Duration::from_secs(15);
/// What a client may need beyond the timeout of its call, above all to connect.
const MARGIN: Duration = Duration::from_secs(10);

/// A library that runs, as client and as server. Clones are the same process.
#[derive(Clone, Debug)]
pub struct Peer {
    kind: PeerKind,
    process: Arc<Process>,
}

impl Peer {
    pub(super) fn new(kind: PeerKind, process: Process) -> Self {
        Self {
            kind,
            process: Arc::new(process),
        }
    }

    /// Which it is.
    pub const fn kind(&self) -> PeerKind {
        self.kind
    }

    /// Its process: what it runs, its id, its log.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Starts a server of the service [`Call::SERVICE`] on a free port of the loopback interface.
    ///
    /// # Errors
    /// If the peer cannot.
    pub fn serve(&self) -> Result<Server> {
        self.start(json!({"op": "serve"}))
    }

    /// Starts a server at `address`, such as one where another was before.
    ///
    /// # Errors
    /// If the peer cannot, above all because something listens there.
    pub fn serve_at(&self, address: SocketAddr) -> Result<Server> {
        self.start(json!({"op": "serve", "address": address.to_string()}))
    }

    fn start(&self, request: Value) -> Result<Server> {
        #[derive(Deserialize)]
        struct Started {
            address: SocketAddr,
        }
        let Started { address } = read(&self.ask(request, SERVER)?)?;
        Ok(Server {
            peer: self.clone(),
            address,
            stopped: false,
        })
    }

    /// Calls `echo` many times, over connections of their own.
    ///
    /// # Errors
    /// If the peer is gone or needs longer than it may; what happens to the calls is in the
    /// summary.
    pub fn load(&self, target: SocketAddr, load: &Load) -> Result<Summary> {
        read(&self.ask(load.json(&target.to_string()), load.total_timeout)?)
    }

    /// Makes one call. The connection to `target` stays, and the next call uses it.
    ///
    /// # Errors
    /// If the peer is gone; what happens to the call is in the answer.
    pub fn call(&self, target: SocketAddr, call: &Call) -> Result<Answer> {
        let request = call.json("call", &target.to_string());
        read(&self.ask(request, call.timeout + MARGIN)?)
    }

    /// Makes a one-way call of the method `fire`, on the connection that calls use.
    ///
    /// # Errors
    /// If the peer is gone, or [`Unsupported`].
    pub fn oneway(&self, target: SocketAddr, call: &Call) -> Result<Answer> {
        let request = call.json("oneway", &target.to_string());
        read(&self.ask(request, MARGIN)?)
    }

    /// Sends a heartbeat and waits for its ack, on the connection that calls use.
    ///
    /// # Errors
    /// If the peer is gone, or [`Unsupported`].
    pub fn heartbeat(&self, target: SocketAddr) -> Result<Answer> {
        let request = json!({"op": "heartbeat", "target": target.to_string(), "timeout": 3000});
        read(&self.ask(request, MARGIN)?)
    }

    /// Closes the connection that calls to `target` use, if there is one.
    ///
    /// # Errors
    /// If the peer is gone.
    pub fn disconnect(&self, target: SocketAddr) -> Result<()> {
        let request = json!({"op": "disconnect", "target": target.to_string()});
        self.ask(request, MARGIN).map(drop)
    }

    fn ask(&self, request: Value, timeout: Duration) -> Result<Value> {
        let op = request["op"].as_str().unwrap_or_default().to_owned();
        let answer = self.process.ask(request, timeout);
        let answer = answer.with_context(|| format!("the peer `{}`", self.kind))?;
        if let Some(why) = answer["unsupported"].as_str() {
            return Err(anyhow::Error::new(Unsupported {
                kind: self.kind,
                op,
                why: why.to_owned(),
            }));
        }
        if let Some(failure) = answer["failed"].as_str() {
            bail!("the peer `{}` cannot `{op}`: {failure}", self.kind);
        }
        Ok(answer)
    }
}

/// A server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    peer: Peer,
    address: SocketAddr,
    stopped: bool,
}

impl Server {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes it name another address to its clients, such as that of a proxy: those of Kafka connect to what the
    /// broker says.
    ///
    /// # Errors
    /// If the peer is gone, or [`Unsupported`].
    pub fn advertise(&self, address: SocketAddr) -> Result<()> {
        let request = json!({
            "op": "advertise", "address": self.address.to_string(), "advertised": address.to_string(),
        });
        self.peer.ask(request, SERVER).map(drop)
    }

    /// What it has received since it was last asked.
    ///
    /// # Errors
    /// If the peer is gone.
    pub fn seen(&self) -> Result<Seen> {
        let request = json!({"op": "seen", "address": self.address.to_string()});
        read(&self.peer.ask(request, SERVER)?)
    }

    /// Stops it, and closes its connections.
    ///
    /// # Errors
    /// If the peer cannot.
    pub fn stop(mut self) -> Result<()> {
        self.stopped = true;
        self.end()
    }

    fn end(&self) -> Result<()> {
        let request = json!({"op": "stop", "address": self.address.to_string()});
        self.peer.ask(request, SERVER).map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.stopped {
            // A peer that is gone has no server.
            let _ = self.end();
        }
    }
}
