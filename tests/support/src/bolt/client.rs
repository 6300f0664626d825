//! One connection of a client, frame by frame.

use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use anyhow::{Context, Result, anyhow, bail};

use super::Frame;
use crate::limit::Limit;

/// A connection. Nothing is sent or read but what a case asks for.
#[derive(Debug)]
pub struct Client {
    reader: BufReader<TcpStream>,
    limit: Limit,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// If the connection is refused.
    pub fn connect(address: SocketAddr, limit: Limit) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, limit.step()?)
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::new(stream),
            limit,
        })
    }

    fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    /// Sends bytes, whatever they are.
    ///
    /// # Errors
    /// If the connection is gone, or takes no more.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let mut stream = self.stream();
        stream.set_write_timeout(Some(self.limit.step()?))?;
        stream.write_all(bytes).context("cannot send")
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// If the connection is gone, or takes no more.
    pub fn send(&mut self, frame: &Frame) -> Result<()> {
        self.send_bytes(&frame.bytes())
    }

    /// The next frame.
    ///
    /// # Errors
    /// If none comes in time, the connection ends, or what comes is not a frame.
    pub fn receive(&mut self) -> Result<Frame> {
        self.stream().set_read_timeout(Some(self.limit.step()?))?;
        match Frame::read(&mut self.reader) {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => bail!("the host closed the connection"),
            Err(error) => Err(explained(error)),
        }
    }

    /// Sends a frame and returns what comes next, which has to carry its id.
    ///
    /// # Errors
    /// As those of [`Self::send`] and [`Self::receive`], or if another id comes.
    pub fn call(&mut self, frame: &Frame) -> Result<Frame> {
        self.send(frame)?;
        let answer = self.receive()?;
        if answer.id != frame.id {
            bail!("an answer to another call");
        }
        Ok(answer)
    }

    /// A call whose body has to come back.
    ///
    /// # Errors
    /// As those of [`Self::call`], or if anything but its echo comes.
    pub fn echo(&mut self, frame: &Frame) -> Result<()> {
        let answer = self.call(frame)?;
        if answer.status != frame.echo().status {
            bail!("status {} for an echo", answer.status.0);
        }
        if answer != frame.echo() {
            bail!("the answer is not what the server sent");
        }
        Ok(())
    }

    /// Waits until the other side closes, which has to happen before it sends anything.
    ///
    /// # Errors
    /// If it sends something, or leaves the connection open.
    pub fn closed(&mut self) -> Result<()> {
        self.stream().set_read_timeout(Some(self.limit.step()?))?;
        match self.reader.read(&mut [0; 1]) {
            Ok(0) => Ok(()),
            Ok(_) => bail!("bytes instead of the connection's end"),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(()),
            Err(_) => bail!("the connection was left open"),
        }
    }

    /// Waits until the other side closes, whatever it sends before.
    ///
    /// # Errors
    /// If it leaves the connection open.
    pub fn closed_after_any(&mut self) -> Result<()> {
        self.stream().set_read_timeout(Some(self.limit.step()?))?;
        match self.reader.read_to_end(&mut Vec::new()) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => {
                bail!("the connection was left open")
            }
            _ => Ok(()),
        }
    }

    /// Goes away, whatever is under way.
    pub fn close(self) {
        // It is gone in any case.
        let _ = self.stream().shutdown(Shutdown::Both);
    }
}

/// A timeout in plain words.
pub(super) fn explained(error: anyhow::Error) -> anyhow::Error {
    let kind = error
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind);
    match kind {
        Some(ErrorKind::WouldBlock | ErrorKind::TimedOut) => anyhow!("no answer"),
        Some(ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof) => {
            anyhow!("the host closed the connection")
        }
        _ => error,
    }
}
