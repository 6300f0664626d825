//! Connections that send what has them closed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::doors::Doors;
use super::tally::{Tally, Uninvited};
use crate::e2e::wire::Frame;

/// How often they come.
const EVERY: Duration = Duration::from_millis(300);
/// What is no frame.
const GARBAGE: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
/// The method that a door denies, if it denies any.
pub(super) const DENIED: &str = "forbidden";

/// Comes to all doors in turns, until the end.
pub(super) fn come(doors: &Doors, tally: &Tally, stop: &AtomicBool) {
    let denied = Frame::request(7, "never served").header("method", DENIED);
    let denied = denied.bytes();
    let denying = doors.all.iter().position(|door| door.denies);
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        thread::sleep(EVERY);
        provoke(doors, doors.of(number), GARBAGE, &tally.garbage, tally);
        if let Some(door) = denying {
            provoke(doors, door, &denied, &tally.denied, tally);
        }
    }
}

/// Sends this by a connection of its own, which has to be closed without a byte.
fn provoke(doors: &Doors, door: usize, bytes: &[u8], count: &Uninvited, tally: &Tally) {
    let since = doors.now(door);
    count.sent();
    let outcome = closed_upon(doors, door, bytes);
    if doors.excuse(since) {
        return;
    }
    match outcome {
        Ok(()) => count.closed(),
        Err(error) => tally.fault(format!("lost: it was let in: {error:#}")),
    }
}

fn closed_upon(doors: &Doors, door: usize, bytes: &[u8]) -> Result<()> {
    let mut client = doors.client(door)?;
    client.send_bytes(bytes)?;
    client.closed()
}
