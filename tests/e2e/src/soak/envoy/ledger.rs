//! What the filters have counted, held against what both ends know and against itself.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::host::SoakHost;
use cargo_meshwire::envoy::admin::Stats;

const PREFIX: &str = "meshwire.x-bolt.";
/// How long the last connections may take to end.
const TIMEOUT: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(100);

/// What may be in a counter: at least and at most.
type Bounds = (&'static str, (usize, usize));

/// Waits until everything adds up.
///
/// # Errors
/// If it does not, with all that is wrong, or the host is gone.
pub(super) fn settle(host: &SoakHost, bounds: &[Bounds]) -> Result<()> {
    let end = Instant::now() + TIMEOUT;
    loop {
        let wrong = complaints(&host.stats()?, bounds);
        if wrong.is_empty() {
            return Ok(());
        }
        if Instant::now() > end {
            bail!("{}", wrong.join("\n            "));
        }
        thread::sleep(LOOK);
    }
}

/// A counter of the protocol.
pub(super) fn count(stats: &Stats, name: &str) -> u64 {
    stats.count(&format!("{PREFIX}{name}"))
}

/// All counters of calls that end so, or go on after it.
fn calls(stats: &Stats, part: &str) -> u64 {
    let start = format!("{PREFIX}call.");
    stats.sum(|name| {
        let name = name.strip_prefix(&start).unwrap_or_default();
        name.ends_with(part) || (part.ends_with('.') && name.contains(part))
    })
}

/// The figures in a few words.
pub(super) fn summary(stats: &Stats) -> String {
    let shown = [
        ("connections", "connections"),
        ("frames.request", "requests"),
        ("frames.response", "responses"),
        ("frames.oneway", "one-way"),
        ("frames.heartbeat", "heartbeats"),
        ("bad_frames", "bad frames"),
        ("denied", "denied"),
        ("denied_replies", "of them answered"),
        ("routed", "routed"),
        ("unanswered", "unanswered"),
    ];
    let shown = shown.map(|(name, what)| format!("{} {what}", count(stats, name)));
    shown.join(", ")
}

/// All that does not add up.
fn complaints(stats: &Stats, bounds: &[Bounds]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, (least, most)) in bounds {
        let found = count(stats, name);
        if found < *least as u64 || found > *most as u64 {
            let most = match *most {
                usize::MAX => "any".to_owned(),
                most => most.to_string(),
            };
            wrong.push(format!("`{name}` is {found}, not {least} to {most}"));
        }
    }
    let [beats, acks] = ["", "_ack"].map(|end| count(stats, &format!("frames.heartbeat{end}")));
    if acks > beats {
        wrong.push(format!("{acks} answers to {beats} heartbeats"));
    }
    for name in ["bad_frames", "denied", "routed"] {
        if count(stats, name) == 0 {
            wrong.push(format!("`{name}` is 0"));
        }
    }
    for name in ["large_frames", "bad_headers", "unmatched", "forgotten"] {
        if count(stats, name) > 0 {
            wrong.push(format!("`{name}` is {}", count(stats, name)));
        }
    }
    for (what, one, other) in sums(stats) {
        if one != other {
            wrong.push(format!("{what}: {one} and {other}"));
        }
    }
    wrong
}

/// What is the same by two ways of counting it, once everything is quiet.
fn sums(stats: &Stats) -> [(&'static str, u64, u64); 4] {
    let [requests, oneway, denied, statuses] =
        [".requests", ".oneway", ".denied", ".status."].map(|part| calls(stats, part));
    let listeners = |name: &str| {
        let own = name.starts_with("listener.127.") && !name.contains(".worker_");
        own && name.ends_with(".downstream_cx_total")
    };
    [
        (
            "frames of calls, and calls",
            count(stats, "frames.request") + count(stats, "frames.oneway"),
            requests + oneway + denied,
        ),
        (
            "frames of answers, and statuses",
            count(stats, "frames.response"),
            statuses,
        ),
        (
            "calls, and their statuses and those unanswered",
            requests,
            statuses + count(stats, "unanswered"),
        ),
        (
            "connections of the filters, and of the host",
            count(stats, "connections"),
            stats.sum(listeners),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(bad_frames: u64, unanswered: u64, acks: u64) -> Stats {
        Stats::parse(&format!(
            "listener.127.0.0.1_80.downstream_cx_total: 4\n\
             listener.127.0.0.1_80.worker_0.downstream_cx_total: 4\n\
             listener.admin.downstream_cx_total: 9\n\
             wasmcustom.meshwire.x-bolt.connections: 4\n\
             wasmcustom.meshwire.x-bolt.frames.request: 11\n\
             wasmcustom.meshwire.x-bolt.frames.oneway: 2\n\
             wasmcustom.meshwire.x-bolt.frames.response: 9\n\
             wasmcustom.meshwire.x-bolt.frames.heartbeat: 3\n\
             wasmcustom.meshwire.x-bolt.frames.heartbeat_ack: {acks}\n\
             wasmcustom.meshwire.x-bolt.bad_frames: {bad_frames}\n\
             wasmcustom.meshwire.x-bolt.denied: 1\n\
             wasmcustom.meshwire.x-bolt.routed: 1\n\
             wasmcustom.meshwire.x-bolt.unanswered: {unanswered}\n\
             wasmcustom.meshwire.x-bolt.call.a.b.requests: 7\n\
             wasmcustom.meshwire.x-bolt.call.a.b.oneway: 2\n\
             wasmcustom.meshwire.x-bolt.call.a.b.denied: 1\n\
             wasmcustom.meshwire.x-bolt.call.a.b.status.0: 5\n\
             wasmcustom.meshwire.x-bolt.call.a.b.status.other: 2\n\
             wasmcustom.meshwire.x-bolt.call.other.other.requests: 3\n\
             wasmcustom.meshwire.x-bolt.call.other.other.status.0: 2\n"
        ))
    }

    const BOUNDS: &[Bounds] = &[("frames.request", (10, 11)), ("bad_frames", (1, 3))];

    #[test]
    fn what_adds_up_is_no_complaint() {
        assert_eq!(complaints(&stats(2, 1, 3), BOUNDS), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_is_told() {
        assert_eq!(
            complaints(&stats(0, 2, 4), BOUNDS),
            [
                "`bad_frames` is 0, not 1 to 3",
                "4 answers to 3 heartbeats",
                "`bad_frames` is 0",
                "calls, and their statuses and those unanswered: 10 and 11",
            ]
        );
        let bounds = [("frames.request", (5, 10))];
        assert_eq!(
            complaints(&stats(1, 1, 0), &bounds),
            ["`frames.request` is 11, not 5 to 10"]
        );
    }
}
