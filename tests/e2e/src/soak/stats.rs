//! What became of the calls.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use meshwire_support::bolt::Status;
use meshwire_support::peers::Summary;

/// Counts of everything, by all threads.
#[derive(Default)]
pub(super) struct TrafficStats {
    answers: Mutex<BTreeMap<u16, usize>>,
    faults: Mutex<Vec<String>>,
    requests_sent: AtomicUsize,
    cut: AtomicUsize,
    gone: AtomicUsize,
    heartbeats: AtomicUsize,
    one_ways: AtomicUsize,
    one_ways_arrived: AtomicUsize,
    connections_cut: AtomicUsize,
    /// Bytes that are not a frame.
    pub(super) garbage: Invalid,
    /// Calls that must not be served.
    pub(super) denied: Invalid,
    servers_killed: AtomicUsize,
    real: Mutex<Summary>,
}

/// What must not get through.
#[derive(Default)]
pub(super) struct Invalid {
    sent: AtomicUsize,
    refused: AtomicUsize,
}

impl Invalid {
    /// It was sent, or tried to be.
    pub(super) fn sent(&self) {
        up(&self.sent);
    }

    /// And it was refused as it should be.
    pub(super) fn refused(&self) {
        up(&self.refused);
    }

    fn range(&self) -> (usize, usize) {
        (get(&self.refused), get(&self.sent))
    }
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

impl TrafficStats {
    /// A call got the answer that it should.
    pub(super) fn answered(&self, status: Status) {
        *lock(&self.answers).entry(status.0).or_default() += 1;
    }

    /// A call got none, because its connection was cut from our side.
    pub(super) fn cut_off(&self) {
        up(&self.cut);
    }

    /// A call got none, because its server has gone away.
    pub(super) fn server_gone(&self) {
        up(&self.gone);
    }

    /// A call is about to be sent.
    pub(super) fn asked(&self) {
        up(&self.requests_sent);
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

    /// How many frames there may have been on the way, by kind: those that arrived at least, and those
    /// that were sent at most. `served` is how many calls the servers have seen.
    pub(super) fn frames(&self, served: usize) -> Vec<(&'static str, (usize, usize))> {
        let real = lock(&self.real);
        let acks = get(&self.heartbeats);
        let (_, denied) = self.denied.range();
        let sent = get(&self.requests_sent) + denied + real.ok + real.wrong + real.failed;
        let answers = self.calls() + real.ok + real.wrong;
        vec![
            ("frames.request", (served, sent)),
            ("frames.response", (answers, served)),
            (
                "frames.oneway",
                (get(&self.one_ways_arrived), get(&self.one_ways)),
            ),
            // The real client sends some of its own, and does not say how many.
            ("frames.heartbeat", (acks, usize::MAX)),
            ("frames.heartbeat_ack", (acks, usize::MAX)),
            ("bad_frames", self.garbage.range()),
            ("denied", self.denied.range()),
            ("denied_replies", self.denied.range()),
        ]
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

impl fmt::Display for TrafficStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers();
        let (cut, gone) = (get(&self.cut), get(&self.gone));
        let calls = self.calls() + cut + gone;
        write!(
            f,
            "calls       {calls}, of them cut off with their connection {cut}"
        )?;
        if gone > 0 {
            write!(f, ", with their server {gone}")?;
        }
        writeln!(f)?;
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
        let cut = get(&self.connections_cut);
        let ((garbage, _), (denied, _)) = (self.garbage.range(), self.denied.range());
        let killed = get(&self.servers_killed);
        write!(
            f,
            "kills       {cut} connections cut in a frame, {garbage} closed upon garbage, "
        )?;
        if denied > 0 {
            write!(f, "{denied} denied calls answered, ")?;
        }
        writeln!(f, "{killed} servers killed")?;
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
        let stats = TrafficStats::default();
        stats.answered(Status::OK);
        stats.answered(Status::TIMEOUT);
        stats.cut_off();
        assert!(stats.is_clean());
        stats.fault("crossed: an answer to another call");
        assert!(!stats.is_clean());
        let text = stats.to_string();
        for part in [
            "calls       3",
            "status 0: 1, status 7: 1",
            "lost        0, crossed 1",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn frames_on_the_way_are_bounded_by_both_ends() {
        let stats = TrafficStats::default();
        for _ in 0..3 {
            stats.asked();
        }
        stats.answered(Status::OK);
        stats.server_gone();
        stats.cut_off();
        stats.denied.sent();
        stats.real_client(&Summary {
            ok: 10,
            failed: 1,
            ..Summary::default()
        });
        let frames = stats.frames(12);
        assert_eq!(frames[0], ("frames.request", (12, 3 + 1 + 11)));
        assert_eq!(frames[1], ("frames.response", (1 + 10, 12)));
        assert_eq!(frames.last(), Some(&("denied_replies", (0, 1))));
        assert!(stats.to_string().contains("with their server 1\n"));
    }

    #[test]
    fn a_wrong_answer_to_java_counts() {
        let stats = TrafficStats::default();
        stats.real_client(&Summary {
            wrong: 1,
            ..Summary::default()
        });
        assert!(!stats.is_clean());
    }
}
