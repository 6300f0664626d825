//! A relay that hands bytes on in pieces, and remembers them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use cargo_meshwire::mosn::settings::loopback;

/// Between two pieces: the next one is to be read by itself.
const PAUSE: Duration = Duration::from_micros(200);

/// A relay to one address. Its threads end with this process.
pub(super) struct Relay {
    address: SocketAddr,
    streams: Streams,
}

/// Both directions of each connection.
type Streams = Arc<Mutex<Vec<[Vec<u8>; 2]>>>;

impl Relay {
    /// A relay to `target`, which writes at most `piece` bytes at once.
    ///
    /// # Errors
    /// If it cannot listen.
    pub(super) fn to(target: SocketAddr, piece: usize) -> Result<Self> {
        let listener = TcpListener::bind(loopback(0))?;
        let address = listener.local_addr()?;
        let streams = Streams::default();
        let remembered = Arc::clone(&streams);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Without a server the client's connection ends.
                if let Ok(server) = TcpStream::connect(target) {
                    connect(&client, &server, piece, &remembered);
                }
            }
        });
        Ok(Self { address, streams })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has been sent to the target and back, by connection.
    pub(super) fn streams(&self) -> Vec<[Vec<u8>; 2]> {
        let streams = self.streams.lock();
        streams.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn connect(client: &TcpStream, server: &TcpStream, piece: usize, streams: &Streams) {
    let number = {
        let mut all = streams.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Default::default());
        all.len() - 1
    };
    for (side, (from, to)) in [(client, server), (server, client)].into_iter().enumerate() {
        let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else {
            return;
        };
        let streams = Arc::clone(streams);
        let remember = move |bytes: &[u8]| {
            let mut all = streams.lock().unwrap_or_else(PoisonError::into_inner);
            all[number][side].extend_from_slice(bytes);
        };
        thread::spawn(move || {
            // A reset is an end too.
            let _ = copy(&from, &to, piece, remember);
            let _ = to.shutdown(Shutdown::Write);
            let _ = from.shutdown(Shutdown::Read);
        });
    }
}

fn copy(
    mut from: &TcpStream,
    mut to: &TcpStream,
    piece: usize,
    remember: impl Fn(&[u8]),
) -> Result<()> {
    to.set_nodelay(true)?;
    let mut chunk = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut chunk)?;
        if count == 0 {
            return Ok(());
        }
        remember(&chunk[..count]);
        for bytes in chunk[..count].chunks(piece) {
            to.write_all(bytes)?;
            if piece < chunk.len() {
                thread::sleep(PAUSE);
            }
        }
    }
}
