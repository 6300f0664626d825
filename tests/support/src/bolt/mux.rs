//! One connection that many callers share, as real clients do.

use std::collections::HashMap;
use std::io::{BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use super::Frame;
use crate::limit::Limit;

/// A connection that pairs answers with calls by their ids. It counts the ids from 1, so that those
/// of several connections are the same.
pub struct Mux {
    shared: Arc<Shared>,
    next: AtomicU32,
    cut: AtomicBool,
    limit: Limit,
}

struct Shared {
    stream: TcpStream,
    sending: Mutex<()>,
    waiting: Mutex<HashMap<u32, Sender<Frame>>>,
    /// Frames that no call waits for.
    strays: Mutex<Vec<Frame>>,
}

impl Mux {
    /// Connects.
    ///
    /// # Errors
    /// If the connection is refused.
    pub fn connect(address: SocketAddr, limit: Limit) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, limit.step()?)
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(limit.step()?))?;
        let reader = BufReader::new(stream.try_clone()?);
        let shared = Arc::new(Shared {
            stream,
            sending: Mutex::default(),
            waiting: Mutex::default(),
            strays: Mutex::default(),
        });
        let reading = Arc::clone(&shared);
        thread::spawn(move || reading.read(reader));
        Ok(Self {
            shared,
            next: AtomicU32::new(1),
            cut: AtomicBool::new(false),
            limit,
        })
    }

    /// Calls with an id of the connection's own, and waits for the answer.
    ///
    /// # Errors
    /// If none comes in time, or the connection ends.
    pub fn call(&self, mut frame: Frame) -> Result<Frame> {
        frame.id = self.next_id();
        let (sender, answer) = mpsc::channel();
        lock(&self.shared.waiting).insert(frame.id, sender);
        let sent = self.send(&frame);
        if sent.is_err() {
            lock(&self.shared.waiting).remove(&frame.id);
        }
        sent?;
        let answer = answer.recv_timeout(self.limit.step()?);
        lock(&self.shared.waiting).remove(&frame.id);
        match answer {
            Ok(answer) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => bail!("no answer"),
            Err(RecvTimeoutError::Disconnected) => bail!("the host closed the connection"),
        }
    }

    /// An id that no call has had.
    pub fn next_id(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Sends a frame, and expects nothing.
    ///
    /// # Errors
    /// If the connection is gone.
    pub fn send(&self, frame: &Frame) -> Result<()> {
        let _alone = lock(&self.shared.sending);
        (&self.shared.stream)
            .write_all(&frame.bytes())
            .context("cannot send")
    }

    /// The frames that came and no call waited for.
    pub fn strays(&self) -> Vec<Frame> {
        lock(&self.shared.strays).clone()
    }

    /// Goes away in the middle of a frame.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
        let half = &Frame::request(self.next_id(), "never sent").bytes()[..40];
        {
            let _alone = lock(&self.shared.sending);
            // It may be gone already.
            let _ = (&self.shared.stream).write_all(half);
        }
        self.close();
    }

    /// Whether [`Self::cut`] was called.
    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }

    /// Goes away, whatever is under way.
    pub fn close(&self) {
        // It is gone in any case.
        let _ = self.shared.stream.shutdown(Shutdown::Both);
    }
}

impl Drop for Mux {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn read(&self, mut reader: BufReader<TcpStream>) {
        while let Ok(Some(frame)) = Frame::read(&mut reader) {
            let caller = lock(&self.waiting).remove(&frame.id);
            let unwanted = match caller {
                Some(caller) => caller.send(frame).err().map(|error| error.0),
                None => Some(frame),
            };
            lock(&self.strays).extend(unwanted);
        }
        let _ = self.stream.shutdown(Shutdown::Both);
        // Whoever waits gets to know.
        lock(&self.waiting).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
