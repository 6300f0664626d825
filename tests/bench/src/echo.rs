//! The upstream server of every hop: it answers each request with what was in it.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};

use super::frames::Protocol;
use super::pipe::{NAP, Pipe};

/// How often a server without connections looks for one.
const IDLE: Duration = Duration::from_millis(1);

/// A server on a free port of this machine, in one thread. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Echo {
    pub(super) protocol: Protocol,
    pub(super) address: SocketAddr,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Echo {
    /// Starts it.
    ///
    /// # Errors
    /// If there is no port.
    pub(super) fn start(protocol: Protocol) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("cannot listen")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        let thread = std::thread::spawn(move || serve(protocol, &listener, &stop));
        Ok(Self {
            protocol,
            address,
            stopped,
            thread: Some(thread),
        })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(protocol: Protocol, listener: &TcpListener, stop: &AtomicBool) {
    let mut pipes: Vec<Pipe> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        if let Ok((connection, _)) = listener.accept() {
            pipes.extend(Pipe::new(protocol, connection));
        }
        let mut busy = false;
        // A client that leaves, or talks nonsense, sees it on its own side.
        pipes.retain_mut(|pipe| match answer(protocol, pipe) {
            Ok(Some(moved)) => {
                busy |= moved;
                true
            }
            Ok(None) | Err(_) => false,
        });
        if !busy {
            std::thread::sleep(if pipes.is_empty() { IDLE } else { NAP });
        }
    }
}

/// Answers all that has arrived; says whether any byte has moved, or `None` at the end.
fn answer(protocol: Protocol, pipe: &mut Pipe) -> Result<Option<bool>> {
    let Some(received) = pipe.receive()? else {
        return Ok(None);
    };
    while let Some((request, leaving)) = pipe.frame()? {
        protocol.echo(request, leaving)?;
    }
    Ok(Some(received + pipe.send()? > 0))
}
