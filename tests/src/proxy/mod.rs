//! A proxy on real sockets, with the model of the host in the middle: many clients, one connection to
//! the server. It tries a plugin between third-party clients and servers.
//!
//! One thread drives the model, and two for each connection move its bytes. What a peer sends is read
//! no faster than the model takes it; a peer that takes nothing is given up.

mod settings;
mod socket;

use std::collections::HashMap;
use std::error::Error;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use meshwire_testing::emulator::{Guest, Module, Peer, Route, Sidecar};

pub use settings::{Edits, Settings};
use socket::Socket;

/// What waits for the model at most, in reads and other events.
const EVENTS: usize = 256;
/// How often the clock of the model is set.
const TICK: Duration = Duration::from_millis(5);
/// The longest that the server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(1);
/// The host's reason for an answer of its own when there is no server.
const NO_SERVER: u32 = 502;

/// What happens outside of the model.
pub(crate) enum Event {
    /// A client has connected.
    Accepted(TcpStream),
    /// A peer has sent something.
    Bytes(Peer, Vec<u8>),
    /// A peer has closed its connection.
    Closed(Peer),
    /// Somebody wants to know what has happened so far.
    Asked(SyncSender<Seen>),
    /// It is over.
    End,
}

/// What a proxy has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Connections of clients.
    pub clients: usize,
    /// Connections to the server that were opened.
    pub servers: usize,
    /// Calls that wait for the server's answer.
    pub waiting: usize,
    /// What went wrong in the plugin and in the host since the last time, and in peers that sent
    /// garbage.
    pub failures: Vec<String>,
}

/// A proxy that listens.
pub struct Proxy<G: Guest> {
    mesh: Sidecar<G>,
    upstream: SocketAddr,
    address: SocketAddr,
    sockets: HashMap<Peer, Socket>,
    /// A connection to the server for which the model has had no use yet.
    spare: Option<TcpStream>,
    events: Receiver<Event>,
    sender: SyncSender<Event>,
    seen: Seen,
    /// Failures that have been reported.
    reported: usize,
}

impl<G: Guest> Proxy<G> {
    /// Starts the plugin and listens.
    ///
    /// # Errors
    /// If the plugin does not start, or there is no such port to listen on.
    pub fn start(
        module: impl Module<Guest = G>,
        settings: Settings,
    ) -> Result<Self, Box<dyn Error>> {
        let mut mesh = Sidecar::start(module, &settings.options)?;
        mesh.policy.timeout = settings.timeout;
        mesh.policy.idle = settings.keep_alive;
        let Edits { request, response } = settings.edits;
        mesh.filter_requests(move |input| request.apply(&mut input.headers));
        mesh.filter_responses(move |input| response.apply(&mut input.headers));
        let listener = TcpListener::bind(settings.listen)?;
        let address = listener.local_addr()?;
        let (sender, events) = mpsc::sync_channel(EVENTS);
        thread::spawn({
            let sender = sender.clone();
            move || accept(&listener, &sender)
        });
        Ok(Self {
            mesh,
            upstream: settings.upstream,
            address,
            sockets: HashMap::new(),
            spare: None,
            events,
            sender,
            seen: Seen::default(),
            reported: 0,
        })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// For those who want to ask it, or end it.
    pub fn control(&self) -> Control {
        Control(self.sender.clone())
    }

    /// Passes calls on until it is ended, and closes every connection.
    pub fn run(mut self) {
        let mut last = Instant::now();
        let mut rest = Duration::ZERO;
        loop {
            let event = self.events.recv_timeout(TICK);
            // The model counts in whole milliseconds.
            rest += last.elapsed();
            last = Instant::now();
            let millis = rest.as_millis() as u64;
            rest -= Duration::from_millis(millis);
            self.mesh.pass(millis);
            match event {
                Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(event) => self.happen(event),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.pump();
            self.report();
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Accepted(stream) => {
                self.seen.clients += 1;
                let client = self.mesh.client();
                self.open(client, stream);
            }
            Event::Bytes(peer, bytes) => {
                self.reach_server();
                self.mesh.send(peer, &bytes);
            }
            Event::Closed(peer) => {
                self.mesh.close(peer);
                self.sockets.remove(&peer);
            }
            Event::Asked(answer) => {
                self.seen.waiting = self.mesh.waiting();
                let seen = self.seen.clone();
                self.seen.failures.clear();
                // After a deadline the receiver is gone.
                let _ = answer.try_send(seen);
            }
            Event::End => {}
        }
    }

    /// Sets in the model beforehand whether a request can go anywhere.
    fn reach_server(&mut self) {
        let server = self.mesh.server();
        if server.is_some_and(|server| self.mesh.is_open(server)) {
            return;
        }
        if self.spare.is_none() {
            self.spare = TcpStream::connect_timeout(&self.upstream, CONNECT).ok();
        }
        self.mesh.policy.route = match self.spare {
            Some(_) => Route::Forward,
            None => Route::hijack(NO_SERVER),
        };
    }

    /// Moves what the model has written, and does to connections what it has done to its own.
    fn pump(&mut self) {
        while let Some(server) = self.mesh.server()
            && self.mesh.is_open(server)
            && !self.sockets.contains_key(&server)
        {
            let spare = self.spare.take();
            let stream =
                spare.map_or_else(|| TcpStream::connect_timeout(&self.upstream, CONNECT), Ok);
            match stream {
                Ok(stream) => {
                    self.seen.servers += 1;
                    self.open(server, stream);
                }
                Err(_) => self.mesh.close(server),
            }
        }
        let mesh = &mut self.mesh;
        self.sockets.retain(|peer, socket| {
            let bytes = mesh.received(*peer);
            let taken = bytes.is_empty() || socket.send(&bytes);
            if !taken {
                mesh.close(*peer);
            }
            // A socket that is dropped still sends what it has.
            mesh.is_open(*peer)
        });
    }

    fn open(&mut self, peer: Peer, stream: TcpStream) {
        match Socket::open(stream, peer, self.sender.clone()) {
            Ok(socket) => {
                self.sockets.insert(peer, socket);
            }
            Err(_) => self.mesh.close(peer),
        }
    }

    /// Reports what has gone wrong, and what the plugin has logged.
    fn report(&mut self) {
        let log = self.mesh.emulator().log();
        for (level, line) in log.all() {
            eprintln!("{level:?}: {line}");
        }
        log.clear();
        for failure in self
            .mesh
            .failures()
            .get(self.reported..)
            .unwrap_or_default()
        {
            eprintln!("{failure}");
            self.seen.failures.push(failure.to_string());
        }
        self.reported = self.mesh.failures().len();
    }
}

fn accept(listener: &TcpListener, events: &SyncSender<Event>) {
    // Ends with the first client after the proxy, or with the process.
    for stream in listener.incoming().flatten() {
        if events.send(Event::Accepted(stream)).is_err() {
            return;
        }
    }
}

/// The way to a proxy from other threads.
#[derive(Clone)]
pub struct Control(SyncSender<Event>);

impl Control {
    /// What it has done so far; `None` when it is over.
    pub fn seen(&self) -> Option<Seen> {
        let (sender, answer) = mpsc::sync_channel(1);
        self.0.send(Event::Asked(sender)).ok()?;
        answer.recv().ok()
    }

    /// Ends it.
    pub fn end(&self) {
        // It may have ended.
        let _ = self.0.send(Event::End);
    }
}
