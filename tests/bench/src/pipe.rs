//! A connection that never blocks, and the frames on it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};

use super::frames::Protocol;

/// How long the two ends of a hop sleep when nothing has arrived. Were they woken by each write
/// instead, the host would pay for it; between machines it does not.
pub(super) const NAP: Duration = Duration::from_micros(50);

/// Room for one read, at least.
const ROOM: usize = 256 << 10;

/// A connection with what has arrived and what is to be sent.
#[derive(Debug)]
pub(super) struct Pipe<S = TcpStream> {
    protocol: Protocol,
    stream: S,
    arrived: Vec<u8>,
    start: usize,
    end: usize,
    leaving: Vec<u8>,
    sent: usize,
}

impl Pipe {
    /// # Errors
    /// If the system refuses.
    pub(super) fn new(protocol: Protocol, stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self::over(protocol, stream))
    }
}

impl<S: Read + Write> Pipe<S> {
    fn over(protocol: Protocol, stream: S) -> Self {
        Self {
            protocol,
            stream,
            arrived: vec![0; 2 * ROOM],
            start: 0,
            end: 0,
            leaving: Vec::new(),
            sent: 0,
        }
    }

    /// Takes in what is there. `None` says that there will be no more.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(super) fn receive(&mut self) -> Result<Option<usize>> {
        if self.arrived.len() - self.end < ROOM {
            self.arrived.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let wanted = self.end + ROOM;
            if self.arrived.len() < wanted {
                self.arrived.resize(2 * wanted, 0);
            }
        }
        let read = self.stream.read(&mut self.arrived[self.end..]);
        let count = unless_blocked(read).context("cannot receive")?;
        self.end += count.unwrap_or(0);
        Ok(match count {
            Some(0) => None,
            count => Some(count.unwrap_or(0)),
        })
    }

    /// Takes the next whole frame out, with the bytes that are to be sent.
    ///
    /// # Errors
    /// If the bytes are not a frame.
    pub(super) fn frame(&mut self) -> Result<Option<(&[u8], &mut Vec<u8>)>> {
        let unread = &self.arrived[self.start..self.end];
        match self.protocol.length(unread)? {
            Some(length) if length <= unread.len() => {
                let start = self.start;
                self.start += length;
                let frame = &self.arrived[start..self.start];
                Ok(Some((frame, &mut self.leaving)))
            }
            _ => Ok(None),
        }
    }

    /// The bytes that are to be sent.
    pub(super) fn leaving(&mut self) -> &mut Vec<u8> {
        &mut self.leaving
    }

    /// Sends what the system takes, and returns how much that is.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(super) fn send(&mut self) -> Result<usize> {
        if self.leaving.is_empty() {
            return Ok(0);
        }
        let written = self.stream.write(&self.leaving[self.sent..]);
        let count = unless_blocked(written).context("cannot send")?.unwrap_or(0);
        self.sent += count;
        if self.sent == self.leaving.len() {
            self.leaving.clear();
            self.sent = 0;
        }
        Ok(count)
    }
}

fn unless_blocked(result: std::io::Result<usize>) -> std::io::Result<Option<usize>> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(None)
        }
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::Requests;
    use super::*;

    /// Gives and takes a few bytes at a time, and blocks in between.
    #[derive(Default)]
    struct Drops {
        bytes: Vec<u8>,
        step: usize,
        taken: Vec<u8>,
        turn: bool,
    }

    impl Drops {
        fn blocks(&mut self) -> std::io::Result<()> {
            self.turn = !self.turn;
            if self.turn {
                return Err(ErrorKind::WouldBlock.into());
            }
            Ok(())
        }
    }

    impl Read for Drops {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            self.blocks()?;
            let count = self.step.min(self.bytes.len()).min(to.len());
            to[..count].copy_from_slice(&self.bytes[..count]);
            self.bytes.drain(..count);
            Ok(count)
        }
    }

    impl Write for Drops {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.blocks()?;
            let count = self.step.min(bytes.len());
            self.taken.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn frames_pass_whole_however_they_arrive_and_leave() {
        let requests = Requests::new(Protocol::Bolt, 100_000);
        let mut wire = Vec::new();
        (1..=20).for_each(|id| requests.write(id, &mut wire));
        for step in [9_999, 65_537, usize::MAX] {
            let mut pipe = Pipe::over(
                Protocol::Bolt,
                Drops {
                    bytes: wire.clone(),
                    step,
                    ..Drops::default()
                },
            );
            let mut frames = 0;
            while pipe.receive().unwrap().is_some() {
                while let Some((frame, leaving)) = pipe.frame().unwrap() {
                    leaving.extend_from_slice(frame);
                    frames += 1;
                }
                pipe.send().unwrap();
            }
            while !pipe.leaving().is_empty() {
                pipe.send().unwrap();
            }
            assert_eq!(frames, 20);
            assert!(pipe.stream.taken == wire, "in steps of {step}");
        }
    }
}
