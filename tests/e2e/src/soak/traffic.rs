//! Callers on bare sockets.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Duration;

use anyhow::Result;

use super::invalid_traffic;
use super::listeners::{Link, Listeners, ProxyRole};
use super::scenario::{Dice, Scenario};
use super::stats::TrafficStats;
use meshwire_support::bolt::{Frame, Status};

/// Connections, each with its callers.
const CONNECTIONS: u32 = 6;
const CALLERS: u32 = 4;
/// How long callers wait whose connection has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// A connection that is cut now and then, and replaced.
struct Line {
    listener: usize,
    link: Mutex<Arc<Link>>,
    calls: AtomicU32,
}

impl Line {
    fn open(number: u32, listeners: &Listeners) -> Result<Self> {
        let listener = listeners.of(number);
        Ok(Self {
            listener,
            link: Mutex::new(Arc::new(listeners.link(listener)?)),
            calls: AtomicU32::new(0),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Link>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn link(&self) -> Arc<Link> {
        Arc::clone(&self.lock())
    }
}

pub(super) type Running<'scope> = ScopedJoinHandle<'scope, Result<()>>;

/// Starts everything; it ends soon after `stop`.
pub(super) fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    listeners: &'env Listeners,
    stats: &'env TrafficStats,
    stop: &'env AtomicBool,
) -> Vec<Running<'scope>> {
    let mut running = Vec::new();
    for number in 0..CONNECTIONS {
        running.push(scope.spawn(move || connection(number, listeners, stats, stop)));
    }
    running.push(scope.spawn(move || {
        invalid_traffic::send(listeners, stats, stop);
        Ok(())
    }));
    running
}

/// A connection with its callers, cut every second or so.
fn connection(
    number: u32,
    listeners: &Listeners,
    stats: &TrafficStats,
    stop: &AtomicBool,
) -> Result<()> {
    let line = Line::open(number, listeners)?;
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let line = &line;
            scope.spawn(move || call_on(line, listeners, number * CALLERS + caller, stats, stop));
        }
        let mut dice = Dice(number + 77);
        while !stop.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(800 + u64::from(dice.roll(800))));
            let new = Arc::new(listeners.link(line.listener)?);
            let old = std::mem::replace(&mut *line.lock(), new);
            old.mux.cut();
            stats.connection_cut();
            strays(&old, stats);
        }
        anyhow::Ok(())
    })?;
    strays(&line.link(), stats);
    Ok(())
}

fn strays(link: &Link, stats: &TrafficStats) {
    for stray in link.mux.strays() {
        let body = String::from_utf8_lossy(&stray.body);
        let body: String = body.chars().take(40).collect();
        stats.fault(format!(
            "crossed: no call waits for the answer {} with status {}, `{body}`",
            stray.id, stray.status.0
        ));
    }
}

/// Calls until the end. A server that is silent costs its caller some time, others none.
fn call_on(
    line: &Line,
    listeners: &Listeners,
    caller: u32,
    stats: &TrafficStats,
    stop: &AtomicBool,
) {
    let mut dice = Dice(caller.wrapping_mul(2_654_435_761) | 1);
    let mediated = listeners.role == ProxyRole::Mediates;
    while !stop.load(Ordering::Relaxed) {
        let number = line.calls.fetch_add(1, Ordering::Relaxed);
        let name = format!("caller {caller} call {number} ");
        let current = line.link();
        let caller = Caller {
            line,
            link: &current,
            listeners,
            stats,
        };
        match dice.roll(100) {
            0..3 => caller.heartbeat(),
            3..6 => caller.one_way(&name),
            // A rule about services would deny it.
            6..9 if !listeners.denies(line.listener) => caller.nameless(&name),
            9..11 if mediated => caller.call(Scenario::Silence, &name, 1),
            // Seldom, for the same reason as servers are killed seldom.
            11 if mediated && dice.roll(100) == 0 => caller.call(Scenario::Close, &name, 1),
            12..22 => caller.call(Scenario::Wait, &name, dice.roll(20)),
            22 => caller.call(Scenario::Echo, &name, 1000),
            _ => caller.call(Scenario::Echo, &name, dice.roll(200)),
        }
    }
}

/// Who makes one call.
struct Caller<'a> {
    line: &'a Line,
    link: &'a Arc<Link>,
    listeners: &'a Listeners,
    stats: &'a TrafficStats,
}

impl Caller<'_> {
    /// A call with a content of its own, which comes back or a status that says why not.
    fn call(&self, scenario: Scenario, name: &str, repeat: u32) {
        let body = format!("{}{}", scenario.word(), name.repeat(repeat as usize + 1));
        let timeout = if scenario == Scenario::Silence {
            300
        } else {
            5000
        };
        let frame = Frame::request(0, body).timeout(timeout);
        let Some(answer) = self.answer(frame.clone()) else {
            return;
        };
        if answer.status == Status::OK {
            let wanted = Frame {
                id: answer.id,
                ..frame.echo()
            };
            if answer != wanted {
                return self.crossed(name, "got an answer to another call");
            }
            if scenario == Scenario::Silence {
                return self.crossed(name, "got an answer from no server");
            }
        } else if !answer.body.is_empty() {
            return self.crossed(name, "got a failure with a body");
        } else if self.listeners.role == ProxyRole::PassesOn {
            return self.crossed(name, "got a failure that no server sent");
        }
        self.stats.answered(answer.status);
    }

    /// A call of no service: there is no route for it, so a host that mediates answers itself.
    fn nameless(&self, name: &str) {
        let mut frame = Frame::request(0, name);
        frame.headers.clear();
        let Some(answer) = self.answer(frame.clone()) else {
            return;
        };
        let right = match self.listeners.role {
            ProxyRole::Mediates => answer.status == Status::NO_PROCESSOR,
            ProxyRole::PassesOn => {
                let id = answer.id;
                answer == Frame { id, ..frame.echo() }
            }
        };
        if !right {
            let status = answer.status.0;
            return self.crossed(name, &format!("has no route and got status {status}"));
        }
        self.stats.answered(answer.status);
    }

    fn heartbeat(&self) {
        let beat = Frame::heartbeat(0);
        if let Some(answer) = self.answer(beat.clone()) {
            let id = answer.id;
            if answer != (Frame { id, ..beat.ack() }) {
                return self.crossed("", "a heartbeat got another answer than its ack");
            }
            self.stats.heartbeat();
        }
    }

    /// Should an answer ever come, no call waits for it, which is a fault.
    fn one_way(&self, name: &str) {
        let mux = &self.link.mux;
        let frame = Frame::one_way(mux.next_id(), name).timeout(150);
        if mux.send(&frame).is_ok() {
            self.stats.one_way();
        }
    }

    /// The answer; without one it is lost, unless the connection was cut here or went with its server.
    fn answer(&self, frame: Frame) -> Option<Frame> {
        if !frame.is_heartbeat() {
            self.stats.asked();
        }
        let error = match self.link.mux.call(frame) {
            Ok(answer) => return Some(answer),
            Err(error) => error,
        };
        if self.link.mux.is_cut() {
            self.stats.cut_off();
            return None;
        }
        if self.listeners.excuse(self.link.since) {
            self.stats.server_gone();
        } else {
            self.stats.fault(format!("lost: {error:#}"));
        }
        if self.listeners.role == ProxyRole::PassesOn {
            thread::sleep(PAUSE);
            self.connect_again();
        }
        None
    }

    /// The first caller to notice replaces the connection.
    fn connect_again(&self) {
        let mut line = self.line.lock();
        if Arc::ptr_eq(&line, self.link) {
            match self.listeners.link(self.line.listener) {
                Ok(new) => *line = Arc::new(new),
                Err(error) => self.stats.fault(format!("lost: {error:#}")),
            }
            strays(self.link, self.stats);
        }
    }

    fn crossed(&self, name: &str, what: &str) {
        self.stats.fault(format!("crossed: {name}{what}"));
    }
}
