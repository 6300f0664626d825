//! Callers on bare sockets.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Duration;

use anyhow::Result;

use super::tally::Tally;
use crate::e2e::host::Host;
use crate::e2e::limit::Limit;
use crate::e2e::wire::{Client, Frame, Mux, Status};

/// Connections, each with its callers.
const CONNECTIONS: u32 = 6;
const CALLERS: u32 = 4;

/// What a caller wishes the server to do; the first word of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Echo,
    Wait,
    Silence,
    Close,
}

impl Wish {
    const ALL: [(Self, &str); 4] = [
        (Self::Echo, "echo "),
        (Self::Wait, "wait "),
        (Self::Silence, "silence "),
        (Self::Close, "close "),
    ];

    /// What a body says.
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(_, word)| body.starts_with(word.as_bytes()))
            .map(|(wish, _)| *wish)
    }

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(wish, _)| *wish == self)
            .map_or("", |(_, word)| word)
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % sides
    }
}

/// A connection that is cut now and then, and replaced.
struct Line {
    mux: Mutex<Arc<Mux>>,
    calls: AtomicU32,
}

impl Line {
    fn mux(&self) -> Arc<Mux> {
        Arc::clone(&self.mux.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

type Running<'scope> = ScopedJoinHandle<'scope, Result<()>>;

/// Starts everything; it ends soon after `stop`.
pub(super) fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    host: &'env Host,
    limit: Limit,
    tally: &'env Tally,
    stop: &'env AtomicBool,
) -> Vec<Running<'scope>> {
    let mut running = Vec::new();
    for number in 0..CONNECTIONS {
        running.push(scope.spawn(move || connection(number, host, tally, stop)));
    }
    running.push(scope.spawn(move || garbage(host, limit, tally, stop)));
    running
}

/// A connection with its callers, cut every second or so.
fn connection(number: u32, host: &Host, tally: &Tally, stop: &AtomicBool) -> Result<()> {
    let line = Line {
        mux: Mutex::new(Arc::new(host.mux()?)),
        calls: AtomicU32::new(0),
    };
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let line = &line;
            scope.spawn(move || call_on(line, number * CALLERS + caller, tally, stop));
        }
        let mut dice = Dice(number + 77);
        while !stop.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(800 + u64::from(dice.roll(800))));
            let new = Arc::new(host.mux()?);
            let old = {
                let mut mux = line.mux.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::replace(&mut *mux, new)
            };
            old.cut();
            tally.connection_cut();
            strays(&old, tally);
        }
        anyhow::Ok(())
    })?;
    strays(&line.mux(), tally);
    Ok(())
}

fn strays(mux: &Mux, tally: &Tally) {
    for stray in mux.strays() {
        let body = String::from_utf8_lossy(&stray.body);
        let body: String = body.chars().take(40).collect();
        tally.fault(format!(
            "crossed: nobody waits for the answer {} with status {}, `{body}`",
            stray.id, stray.status.0
        ));
    }
}

/// Calls until the end. A server that is silent costs its caller some time, others none.
fn call_on(line: &Line, caller: u32, tally: &Tally, stop: &AtomicBool) {
    let mut dice = Dice(caller.wrapping_mul(2_654_435_761) | 1);
    while !stop.load(Ordering::Relaxed) {
        let number = line.calls.fetch_add(1, Ordering::Relaxed);
        let name = format!("caller {caller} call {number} ");
        let mux = line.mux();
        match dice.roll(100) {
            0..3 => heartbeat(&mux, tally),
            3..6 => one_way(&mux, &name, tally),
            6..9 => no_route(&mux, &name, tally),
            9..11 => call(&mux, Wish::Silence, &name, 1, tally),
            // Seldom, for the same reason as servers are killed seldom.
            11 if dice.roll(100) == 0 => call(&mux, Wish::Close, &name, 1, tally),
            12..22 => call(&mux, Wish::Wait, &name, dice.roll(20), tally),
            22 => call(&mux, Wish::Echo, &name, 1000, tally),
            _ => call(&mux, Wish::Echo, &name, dice.roll(200), tally),
        }
    }
}

/// A call with a content of its own, which comes back or a status that says why not.
fn call(mux: &Mux, wish: Wish, name: &str, repeat: u32, tally: &Tally) {
    let body = format!("{}{}", wish.word(), name.repeat(repeat as usize + 1));
    let timeout = if wish == Wish::Silence { 300 } else { 5000 };
    let frame = Frame::request(0, body).timeout(timeout);
    let Some(answer) = answer(mux, frame.clone(), tally) else {
        return;
    };
    if answer.status == Status::OK {
        let wanted = Frame {
            id: answer.id,
            ..frame.echo()
        };
        if answer != wanted {
            return tally.fault(format!("crossed: {name}got an answer to another call"));
        }
        if wish == Wish::Silence {
            return tally.fault(format!("crossed: {name}got an answer from nobody"));
        }
    } else if !answer.body.is_empty() {
        return tally.fault(format!("crossed: {name}got a failure with a body"));
    }
    tally.answered(answer.status);
}

/// The host answers itself.
fn no_route(mux: &Mux, name: &str, tally: &Tally) {
    let mut frame = Frame::request(0, name);
    frame.headers.clear();
    let Some(answer) = answer(mux, frame, tally) else {
        return;
    };
    if answer.status != Status::NO_PROCESSOR {
        return tally.fault(format!(
            "crossed: {name}has no route and got status {}",
            answer.status.0
        ));
    }
    tally.answered(answer.status);
}

fn heartbeat(mux: &Mux, tally: &Tally) {
    let beat = Frame::heartbeat(0);
    if let Some(answer) = answer(mux, beat.clone(), tally) {
        let id = answer.id;
        if answer != (Frame { id, ..beat.ack() }) {
            return tally.fault("crossed: a heartbeat got another answer than its ack");
        }
        tally.heartbeat();
    }
}

/// Should an answer ever come, nobody waits for it, which is a fault.
fn one_way(mux: &Mux, name: &str, tally: &Tally) {
    let frame = Frame::one_way(mux.next_id(), name).timeout(150);
    if mux.send(&frame).is_ok() {
        tally.one_way();
    }
}

/// The answer; without one it is lost, unless the connection was cut here.
fn answer(mux: &Mux, frame: Frame, tally: &Tally) -> Option<Frame> {
    match mux.call(frame) {
        Ok(answer) => return Some(answer),
        Err(_) if mux.is_cut() => tally.cut_off(),
        Err(error) => tally.fault(format!("lost: {error:#}")),
    }
    None
}

/// Connections that send what is no frame, and are closed for it.
fn garbage(host: &Host, limit: Limit, tally: &Tally, stop: &AtomicBool) -> Result<()> {
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(300));
        let mut client = Client::connect(host.client(), limit)?;
        client.send_bytes(b"GET / HTTP/1.1\r\n\r\n")?;
        match client.closed() {
            Ok(()) => tally.garbage(),
            Err(error) => tally.fault(format!("lost: garbage was taken: {error:#}")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_in_the_body() {
        for (wish, word) in Wish::ALL {
            assert_eq!(Wish::of(format!("{word}caller 1").as_bytes()), Some(wish));
        }
        assert_eq!(Wish::of(b"something"), None);
    }

    #[test]
    fn dice_show_every_side() {
        let mut dice = Dice(1);
        let mut seen = [false; 6];
        (0..100).for_each(|_| seen[dice.roll(6) as usize] = true);
        assert_eq!(seen, [true; 6]);
    }
}
