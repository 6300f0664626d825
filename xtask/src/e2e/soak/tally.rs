//! What became of the calls.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::e2e::peers::Summary;
use crate::e2e::wire::Status;

/// Counts of everything, by all threads.
#[derive(Default)]
pub(super) struct Tally {
    answers: Mutex<BTreeMap<u16, usize>>,
    faults: Mutex<Vec<String>>,
    cut: AtomicUsize,
    heartbeats: AtomicUsize,
    one_ways: AtomicUsize,
    one_ways_arrived: AtomicUsize,
    connections_cut: AtomicUsize,
    garbage: AtomicUsize,
    servers_killed: AtomicUsize,
    real: Mutex<Summary>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn up(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}

fn get(count: &AtomicUsize) -> usize {
    count.load(Ordering::Relaxed)
}

impl Tally {
    /// A call got the answer that it should.
    pub(super) fn answered(&self, status: Status) {
        *lock(&self.answers).entry(status.0).or_default() += 1;
    }

    /// A call got none, because its connection was cut from our side.
    pub(super) fn cut_off(&self) {
        up(&self.cut);
    }

    pub(super) fn heartbeat(&self) {
        up(&self.heartbeats);
    }

    pub(super) fn one_way(&self) {
        up(&self.one_ways);
    }

    pub(super) fn arrived(&self, one_ways: usize) {
        self.one_ways_arrived.store(one_ways, Ordering::Relaxed);
        if one_ways > get(&self.one_ways) {
            self.fault("crossed: more one-way calls arrived than were sent");
        }
    }

    pub(super) fn connection_cut(&self) {
        up(&self.connections_cut);
    }

    pub(super) fn garbage(&self) {
        up(&self.garbage);
    }

    pub(super) fn server_killed(&self) {
        up(&self.servers_killed);
    }

    pub(super) fn real_client(&self, summary: &Summary) {
        let mut all = lock(&self.real);
        all.ok += summary.ok;
        all.wrong += summary.wrong;
        all.failed += summary.failed;
        let room = 5_usize.saturating_sub(all.errors.len());
        all.errors.extend(summary.errors.iter().take(room).cloned());
    }

    /// Something got lost, or to whom it did not belong.
    pub(super) fn fault(&self, what: impl Into<String>) {
        lock(&self.faults).push(what.into());
    }

    /// Whether nothing got lost.
    pub(super) fn is_clean(&self) -> bool {
        lock(&self.faults).is_empty() && lock(&self.real).wrong == 0
    }

    fn answers(&self) -> Vec<String> {
        let answers = lock(&self.answers);
        let answers = answers.iter();
        answers
            .map(|(status, count)| format!("status {status}: {count}"))
            .collect()
    }

    fn calls(&self) -> usize {
        lock(&self.answers).values().sum()
    }

    /// How far it is.
    pub(super) fn line(&self) -> String {
        let faults = lock(&self.faults).len();
        let java = lock(&self.real).ok;
        format!("{} answers, {java} to Java, {faults} faults", self.calls())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers();
        let calls = self.calls() + get(&self.cut);
        writeln!(
            f,
            "calls       {calls}, of them cut off with their connection {}",
            get(&self.cut)
        )?;
        writeln!(f, "answers     {}", answers.join(", "))?;
        writeln!(f, "heartbeats  {} answered", get(&self.heartbeats))?;
        let (sent, arrived) = (get(&self.one_ways), get(&self.one_ways_arrived));
        writeln!(
            f,
            "one-way     {sent} sent, {arrived} arrived, none answered"
        )?;
        let real = lock(&self.real);
        writeln!(
            f,
            "java        {} ok, {} failed, {} wrong",
            real.ok, real.failed, real.wrong
        )?;
        for error in &real.errors {
            writeln!(f, "              {error}")?;
        }
        let (cut, garbage) = (get(&self.connections_cut), get(&self.garbage));
        let killed = get(&self.servers_killed);
        writeln!(
            f,
            "kills       {cut} connections cut in a frame, {garbage} closed upon garbage, {killed} servers killed"
        )?;
        let faults = lock(&self.faults);
        let crossed = faults
            .iter()
            .filter(|fault| fault.starts_with("crossed"))
            .count();
        write!(
            f,
            "lost        {}, crossed {crossed}",
            faults.len() - crossed
        )?;
        for fault in faults.iter().take(10) {
            write!(f, "\n              {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_counted_and_shown() {
        let tally = Tally::default();
        tally.answered(Status::OK);
        tally.answered(Status::TIMEOUT);
        tally.cut_off();
        assert!(tally.is_clean());
        tally.fault("crossed: an answer to another call");
        assert!(!tally.is_clean());
        let text = tally.to_string();
        for part in [
            "calls       3",
            "status 0: 1, status 7: 1",
            "lost        0, crossed 1",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_wrong_answer_to_java_counts() {
        let tally = Tally::default();
        tally.real_client(&Summary {
            wrong: 1,
            ..Summary::default()
        });
        assert!(!tally.is_clean());
    }
}
