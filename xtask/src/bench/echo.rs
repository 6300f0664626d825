//! The server behind every hop: it answers each request with what was in it.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use anyhow::{Context, Result};

use super::bolt;
use super::buffer::Buffer;

/// A server on a free port of this machine, with a thread for each connection. Dropped, it accepts
/// no more; a connection ends when its client leaves.
#[derive(Debug)]
pub(super) struct Echo {
    pub(super) address: SocketAddr,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Echo {
    /// Starts it.
    ///
    /// # Errors
    /// If there is no port.
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("cannot listen")?;
        let address = listener.local_addr()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        let accepting = std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                // A client that leaves, or talks nonsense, sees it on its own side.
                std::thread::spawn(move || serve(connection).ok());
            }
        });
        Ok(Self {
            address,
            stopped,
            accepting: Some(accepting),
        })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            let _ = accepting.join();
        }
    }
}

/// Answers all that one read brings with one write.
fn serve(mut connection: TcpStream) -> Result<()> {
    connection.set_nodelay(true)?;
    let (mut buffer, mut answers) = (Buffer::new(), Vec::new());
    while buffer.fill(&mut connection)? > 0 {
        while let Some(request) = buffer.frame()? {
            bolt::echo(request, &mut answers);
        }
        connection.write_all(&answers)?;
        answers.clear();
    }
    Ok(())
}
