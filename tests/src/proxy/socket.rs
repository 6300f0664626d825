//! A connection: a thread that reads, and one that writes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use meshwire_testing::emulator::Peer;

use super::Event;

/// Bytes of one read.
const READ: usize = 64 * 1024;
/// Bytes that may wait for a peer. One that lets more wait takes nothing any more.
const WAITING: usize = 64 * 1024 * 1024;

/// The writing side; dropping it closes the connection after what was sent.
pub(super) struct Socket {
    outbox: Arc<Outbox>,
}

impl Socket {
    /// Reads what `peer` sends until it closes the connection, and reports that.
    pub(super) fn open(
        stream: TcpStream,
        peer: Peer,
        events: SyncSender<Event>,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let reader = stream.try_clone()?;
        thread::spawn(move || read(reader, peer, &events));
        let outbox = Arc::new(Outbox::default());
        thread::spawn({
            let outbox = Arc::clone(&outbox);
            move || outbox.write_to(stream)
        });
        Ok(Self { outbox })
    }

    /// Sends some bytes; whether the peer still takes any.
    pub(super) fn send(&self, bytes: &[u8]) -> bool {
        self.outbox.push(bytes)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.outbox.close();
    }
}

fn read(mut stream: TcpStream, peer: Peer, events: &SyncSender<Event>) {
    let mut buffer = vec![0; READ];
    loop {
        let event = match stream.read(&mut buffer) {
            Ok(0) => Event::Closed(peer),
            Ok(size) => Event::Bytes(peer, buffer.get(..size).unwrap_or_default().to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => Event::Closed(peer),
        };
        let last = matches!(event, Event::Closed(_));
        if events.send(event).is_err() || last {
            return;
        }
    }
}

/// What waits to be written.
#[derive(Default)]
struct Outbox {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    closed: bool,
}

impl Outbox {
    fn push(&self, bytes: &[u8]) -> bool {
        let mut waiting = self.lock();
        if waiting.closed || bytes.len() > WAITING.saturating_sub(waiting.bytes.len()) {
            return false;
        }
        waiting.bytes.extend_from_slice(bytes);
        self.changed.notify_one();
        true
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Writes until it is closed and empty, or the peer takes nothing any more. The reading thread
    /// notices that the connection is closed.
    fn write_to(&self, mut stream: TcpStream) {
        loop {
            let mut waiting = self.lock();
            while waiting.bytes.is_empty() && !waiting.closed {
                let woken = self.changed.wait(waiting);
                waiting = woken.unwrap_or_else(PoisonError::into_inner);
            }
            let bytes = std::mem::take(&mut waiting.bytes);
            drop(waiting);
            if bytes.is_empty() || stream.write_all(&bytes).is_err() {
                self.lock().closed = true;
                // It may be closed already.
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_much_waits_for_a_peer() {
        let outbox = Outbox::default();
        assert!(outbox.push(&vec![0; WAITING - 1]));
        assert!(outbox.push(&[0]));
        assert!(!outbox.push(&[0]));
    }

    #[test]
    fn what_is_closed_takes_nothing() {
        let outbox = Outbox::default();
        outbox.close();
        assert!(!outbox.push(&[0]));
    }
}
