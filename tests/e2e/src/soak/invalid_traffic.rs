//! Connections that send what must not get through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::listeners::Listeners;
use super::stats::{Invalid, TrafficStats};
use meshwire_support::bolt::{Client, Frame, Status};

/// How often they come.
const EVERY: Duration = Duration::from_millis(300);
/// What is not a frame.
const GARBAGE: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
/// The service that a listener denies, if it denies any.
pub(super) const DENIED: &str = "forbidden";
/// What bolt answers then: an exception of the server.
const FORBIDDEN: Status = Status(2);

/// Comes to all listeners in turns, until the end.
pub(super) fn send(listeners: &Listeners, stats: &TrafficStats, stop: &AtomicBool) {
    let denying = listeners.all.iter().position(|listener| listener.denies);
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        thread::sleep(EVERY);
        provoke(
            listeners,
            listeners.of(number),
            &stats.garbage,
            stats,
            talk_nonsense,
        );
        if let Some(listener) = denying {
            provoke(
                listeners,
                listener,
                &stats.denied,
                stats,
                ask_for_the_forbidden,
            );
        }
    }
}

/// Comes by a connection of its own, which has to end as it should.
fn provoke(
    listeners: &Listeners,
    listener: usize,
    count: &Invalid,
    stats: &TrafficStats,
    talk: fn(Client) -> Result<()>,
) {
    let since = listeners.now(listener);
    count.sent();
    let outcome = listeners.client(listener).and_then(talk);
    if listeners.excuse(since) {
        return;
    }
    match outcome {
        Ok(()) => count.refused(),
        Err(error) => stats.fault(format!("lost: it was let in: {error:#}")),
    }
}

/// What is not a frame has the connection closed without a byte.
fn talk_nonsense(mut client: Client) -> Result<()> {
    client.send_bytes(GARBAGE)?;
    client.closed()
}

/// A denied call is answered by the protocol's own refusal.
fn ask_for_the_forbidden(mut client: Client) -> Result<()> {
    // After the service that all calls name.
    let denied = Frame::request(7, "never served").header("service", DENIED);
    let answer = client.call(&denied).context("a denied call")?;
    if answer.status != FORBIDDEN {
        bail!("status {} for a denied call", answer.status.0);
    }
    ensure!(answer.body.is_empty(), "a denied call was served");
    client.close();
    Ok(())
}
