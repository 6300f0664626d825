//! A server that does what a case asks for, and remembers all that it receives.

use std::io::{BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Frame;
use crate::limit::Limit;
use cargo_meshwire::mosn::settings::loopback;

/// What a server does about a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends its body back.
    Echo,
    /// The same, after a while.
    EchoAfter(Duration),
    /// Sends this frame; its id has to be set.
    Frame(Box<Frame>),
    /// Sends these bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Silent,
    /// Closes the connection.
    Close,
}

/// The longest that a host may take to read an answer.
const SEND: Duration = Duration::from_secs(10);

type Behaviour = Box<dyn Fn(&Frame) -> Reply + Send>;

/// A frame, and the connection that it came in by.
#[derive(Clone, Debug)]
pub struct Received {
    /// Connections are counted from 0.
    pub connection: usize,
    /// What came.
    pub frame: Frame,
}

/// A server on a port of its own. Dropping it closes everything.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<thread::JoinHandle<()>>,
    limit: Limit,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    behaviour: Mutex<Behaviour>,
}

/// What has happened so far.
#[derive(Default)]
struct State {
    received: Vec<Received>,
    /// Those that are closed are `None`.
    connections: Vec<Option<Arc<Connection>>>,
    stopping: bool,
    mute: bool,
    forgetful: bool,
}

struct Connection {
    stream: TcpStream,
    /// Held while a frame is sent: frames of several threads must not mix.
    sending: Mutex<()>,
}

impl Server {
    /// A server that echoes, and answers heartbeats.
    ///
    /// # Errors
    /// If there is no port to listen on.
    pub fn start(limit: Limit) -> Result<Self> {
        Self::behaving(limit, |_| Reply::Echo)
    }

    /// A server that does what `behaviour` says of each call, and answers heartbeats.
    ///
    /// # Errors
    /// If there is no port to listen on.
    pub fn behaving(
        limit: Limit,
        behaviour: impl Fn(&Frame) -> Reply + Send + 'static,
    ) -> Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            behaviour: Mutex::new(Box::new(behaviour)),
        });
        let listener = TcpListener::bind(loopback(0)).context("no port to listen on")?;
        let mut server = Self {
            address: listener.local_addr()?,
            shared,
            acceptor: None,
            limit,
        };
        server.accept(listener);
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what it does from now on.
    pub fn behave(&self, behaviour: impl Fn(&Frame) -> Reply + Send + 'static) {
        *lock(&self.shared.behaviour) = Box::new(behaviour);
    }

    /// Leaves heartbeats without an answer from now on.
    pub fn ignore_heartbeats(&self) {
        lock(&self.shared.state).mute = true;
    }

    /// Keeps no frames from now on.
    pub fn forget(&self) {
        lock(&self.shared.state).forgetful = true;
    }

    /// All that came so far, in its order.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.state).received.clone()
    }

    /// The calls of it, without heartbeats.
    pub fn calls(&self) -> Vec<Frame> {
        let all = self.received().into_iter().map(|received| received.frame);
        all.filter(|frame| !frame.is_heartbeat()).collect()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        lock(&self.shared.state).connections.len()
    }

    /// Sends bytes by a connection that is open.
    ///
    /// # Errors
    /// If it is closed.
    pub fn send(&self, connection: usize, bytes: &[u8]) -> Result<()> {
        self.shared.send(connection, bytes)
    }

    /// Waits for the calls to be this many at least, and returns them with their connections.
    ///
    /// # Errors
    /// If they do not come in time.
    pub fn wait_for_calls(&self, count: usize) -> Result<Vec<Received>> {
        self.wait(
            || format!("the server did not receive {count} calls"),
            |state| {
                let calls = state
                    .received
                    .iter()
                    .filter(|received| !received.frame.is_heartbeat());
                (calls.clone().count() >= count).then(|| calls.cloned().collect())
            },
        )
    }

    /// Waits for this many heartbeats at least, and returns the connections that they came by.
    ///
    /// # Errors
    /// If they do not come in time.
    pub fn wait_for_heartbeats(&self, count: usize) -> Result<Vec<usize>> {
        self.wait(
            || format!("the server did not receive {count} heartbeats"),
            |state| {
                let beats = state
                    .received
                    .iter()
                    .filter(|received| received.frame.is_heartbeat());
                (beats.clone().count() >= count)
                    .then(|| beats.map(|beat| beat.connection).collect())
            },
        )
    }

    /// Waits until the host has closed a connection.
    ///
    /// # Errors
    /// If it stays open.
    pub fn wait_for_close(&self, connection: usize) -> Result<()> {
        self.wait(
            || "the connection to the server was left open".to_owned(),
            |state| state.connections.get(connection)?.is_none().then_some(()),
        )
    }

    fn wait<T>(
        &self,
        failure: impl FnOnce() -> String,
        until: impl Fn(&State) -> Option<T>,
    ) -> Result<T> {
        let end = Instant::now() + self.limit.step()?;
        let mut state = lock(&self.shared.state);
        loop {
            if let Some(found) = until(&state) {
                return Ok(found);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!(failure());
            }
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Closes every connection, and goes on listening.
    pub fn close_all(&self) {
        for at in 0..self.connections() {
            self.shared.close(at);
        }
    }

    /// Closes everything, as a process does that is killed.
    pub fn kill(&mut self) {
        lock(&self.shared.state).stopping = true;
        // Wakes the acceptor, which then lets go of the port.
        drop(TcpStream::connect(self.address));
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        self.close_all();
    }

    /// Listens again at the same address.
    ///
    /// # Errors
    /// If the address is taken.
    pub fn restart(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.address).context("the server cannot come back")?;
        lock(&self.shared.state).stopping = false;
        self.accept(listener);
        Ok(())
    }

    fn accept(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        self.acceptor = Some(thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(connection) = shared.enter(&stream) else {
                    return;
                };
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.serve(connection, stream));
            }
        }));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Shared {
    /// The number of a new connection; `None` if there shall be no more.
    fn enter(&self, stream: &TcpStream) -> Option<usize> {
        let mut state = lock(&self.state);
        if state.stopping {
            return None;
        }
        let stream = stream.try_clone().ok()?;
        let _ = stream.set_nodelay(true);
        let _ = stream.set_write_timeout(Some(SEND));
        let sending = Mutex::default();
        state
            .connections
            .push(Some(Arc::new(Connection { stream, sending })));
        self.changed.notify_all();
        Some(state.connections.len() - 1)
    }

    fn serve(self: &Arc<Self>, connection: usize, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        // What the host sends is judged by the cases: they miss what is not here.
        while let Ok(Some(frame)) = Frame::read(&mut reader) {
            let mute = {
                let mut state = lock(&self.state);
                if !state.forgetful {
                    let frame = frame.clone();
                    state.received.push(Received { connection, frame });
                    self.changed.notify_all();
                }
                state.mute
            };
            if frame.is_heartbeat() {
                if !mute {
                    let _ = self.send(connection, &frame.ack().bytes());
                }
                continue;
            }
            let reply = lock(&self.behaviour)(&frame);
            self.reply(connection, &frame, reply);
        }
        self.close(connection);
    }

    /// A host that has gone away needs no answer.
    fn reply(self: &Arc<Self>, connection: usize, frame: &Frame, reply: Reply) {
        let _ = match reply {
            Reply::Echo => self.send(connection, &frame.echo().bytes()),
            Reply::Frame(frame) => self.send(connection, &frame.bytes()),
            Reply::Bytes(bytes) => self.send(connection, &bytes),
            Reply::Silent => Ok(()),
            Reply::Close => {
                self.close(connection);
                Ok(())
            }
            Reply::EchoAfter(delay) => {
                let (shared, bytes) = (Arc::clone(self), frame.echo().bytes());
                thread::spawn(move || {
                    thread::sleep(delay);
                    let _ = shared.send(connection, &bytes);
                });
                Ok(())
            }
        };
    }

    fn send(&self, connection: usize, bytes: &[u8]) -> Result<()> {
        let found = lock(&self.state).connections.get(connection).cloned();
        let connection = found.flatten().context("the connection is closed")?;
        let _alone = lock(&connection.sending);
        Ok((&connection.stream).write_all(bytes)?)
    }

    fn close(&self, connection: usize) {
        let mut state = lock(&self.state);
        if let Some(Some(open)) = state.connections.get_mut(connection).map(Option::take) {
            let _ = open.stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
