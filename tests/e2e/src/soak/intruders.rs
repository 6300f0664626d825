//! Connections that send what must not get through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::doors::Doors;
use super::tally::{Tally, Uninvited};
use meshwire_support::bolt::{Client, Frame, Status};

/// How often they come.
const EVERY: Duration = Duration::from_millis(300);
/// What is no frame.
const GARBAGE: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
/// The service that a door denies, if it denies any.
pub(super) const DENIED: &str = "forbidden";
/// What bolt answers then: an exception of the server.
const FORBIDDEN: Status = Status(2);

/// Comes to all doors in turns, until the end.
pub(super) fn come(doors: &Doors, tally: &Tally, stop: &AtomicBool) {
    let denying = doors.all.iter().position(|door| door.denies);
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        thread::sleep(EVERY);
        provoke(
            doors,
            doors.of(number),
            &tally.garbage,
            tally,
            talk_nonsense,
        );
        if let Some(door) = denying {
            provoke(doors, door, &tally.denied, tally, ask_for_the_forbidden);
        }
    }
}

/// Comes by a connection of its own, which has to end as it should.
fn provoke(
    doors: &Doors,
    door: usize,
    count: &Uninvited,
    tally: &Tally,
    talk: fn(Client) -> Result<()>,
) {
    let since = doors.now(door);
    count.sent();
    let outcome = doors.client(door).and_then(talk);
    if doors.excuse(since) {
        return;
    }
    match outcome {
        Ok(()) => count.refused(),
        Err(error) => tally.fault(format!("lost: it was let in: {error:#}")),
    }
}

/// What is no frame has the connection closed without a byte.
fn talk_nonsense(mut client: Client) -> Result<()> {
    client.send_bytes(GARBAGE)?;
    client.closed()
}

/// A denied call is answered by the protocol's own refusal.
fn ask_for_the_forbidden(mut client: Client) -> Result<()> {
    // Behind the service that all calls name.
    let denied = Frame::request(7, "never served").header("service", DENIED);
    let answer = client.call(&denied).context("a denied call")?;
    if answer.status != FORBIDDEN {
        bail!("status {} for a denied call", answer.status.0);
    }
    ensure!(answer.body.is_empty(), "a denied call was served");
    client.close();
    Ok(())
}
