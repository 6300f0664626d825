//! Bytes that have arrived, cut into frames.

use std::io::{ErrorKind, Read};

use anyhow::{Context, Result, bail};

use super::bolt;

/// Room for one read, at least.
const ROOM: usize = 256 << 10;

/// A receive buffer.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; 2 * ROOM],
            start: 0,
            end: 0,
        }
    }

    /// Waits for more bytes, and returns how many there are; 0 at the end.
    ///
    /// # Errors
    /// If the connection breaks, or is silent for as long as its timeout says.
    pub(super) fn fill(&mut self, from: &mut impl Read) -> Result<usize> {
        if self.bytes.len() - self.end < ROOM {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let wanted = self.end + ROOM;
            if self.bytes.len() < wanted {
                self.bytes.resize(2 * wanted, 0);
            }
        }
        loop {
            match from.read(&mut self.bytes[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    bail!("no answer for too long");
                }
                Err(error) => return Err(error).context("the connection breaks"),
            }
        }
    }

    /// Takes the next whole frame out.
    ///
    /// # Errors
    /// If what is there is none.
    pub(super) fn frame(&mut self) -> Result<Option<&[u8]>> {
        let unread = &self.bytes[self.start..self.end];
        match bolt::length(unread)? {
            Some(length) if length <= unread.len() => {
                let start = self.start;
                self.start += length;
                Ok(Some(&self.bytes[start..self.start]))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bolt::Requests;
    use super::*;

    /// Gives a few bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(to.len());
            to[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn frames_come_out_whole_however_they_arrive() {
        let requests = Requests::new(100_000);
        let mut wire = Vec::new();
        (1..=20).for_each(|id| requests.write(id, &mut wire));
        for step in [999, 65_537, usize::MAX] {
            let (mut buffer, mut next) = (Buffer::new(), 1);
            let mut drops = Drops(&wire, step);
            while buffer.fill(&mut drops).unwrap() > 0 {
                while let Some(frame) = buffer.frame().unwrap() {
                    let mut expected = Vec::new();
                    requests.write(next, &mut expected);
                    assert!(frame == expected, "frame {next} in steps of {step}");
                    next += 1;
                }
            }
            assert_eq!(next, 21);
        }
    }
}
