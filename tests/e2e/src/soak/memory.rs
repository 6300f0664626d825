//! The memory of a process, as the system counts it.

use std::fmt;

/// What a process may grow by after it has warmed up, as a share and in KiB.
const SHARE: u64 = 4;
const SPARE: u64 = 32 * 1024;

/// The resident memory of a process over time, in KiB.
#[derive(Debug)]
pub(super) struct Memory {
    process: u32,
    seen: Vec<u64>,
}

impl Memory {
    pub(super) fn of(process: u32) -> Self {
        let seen = Vec::new();
        Self { process, seen }
    }

    /// Takes a sample.
    pub(super) fn look(&mut self) {
        self.seen.extend(resident(self.process));
    }

    /// What it is now.
    pub(super) fn now(&self) -> String {
        resident(self.process).map_or_else(|| "memory unknown".to_owned(), mib)
    }

    /// Whether it has not grown, as far as the system reports it.
    pub(super) fn is_flat(&self) -> bool {
        let (first, last) = self.ends();
        last <= bound(first)
    }

    /// The medians of the first and the last samples: garbage comes and goes.
    fn ends(&self) -> (u64, u64) {
        let quarter = self.seen.len().div_ceil(4);
        let last = self.seen.len() - quarter;
        (median(&self.seen[..quarter]), median(&self.seen[last..]))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seen.is_empty() {
            return f.write_str("memory      unknown on this system");
        }
        let (first, last) = self.ends();
        let most = self.seen.iter().max().copied().unwrap_or_default();
        write!(
            f,
            "memory      {} after warm-up, {} at the end of {} allowed, {} at most in between",
            mib(first),
            mib(last),
            mib(bound(first)),
            mib(most)
        )
    }
}

/// What a process that had so much after it has warmed up may have at the end.
fn bound(first: u64) -> u64 {
    first + first / SHARE + SPARE
}

fn median(samples: &[u64]) -> u64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn mib(kib: u64) -> String {
    format!("{} MiB", kib / 1024)
}

#[cfg(target_os = "linux")]
fn resident(process: u32) -> Option<u64> {
    let process = procfs::process::Process::new(process.try_into().ok()?).ok()?;
    process.status().ok()?.vmrss
}

#[cfg(not(target_os = "linux"))]
fn resident(_: u32) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(seen: &[u64]) -> Memory {
        let seen = seen.iter().map(|mib| mib * 1024).collect();
        Memory { process: 0, seen }
    }

    #[test]
    fn growth_is_told_from_garbage() {
        assert!(memory(&[100, 100, 120, 100, 180, 110, 150, 150]).is_flat());
        assert!(!memory(&[100, 100, 120, 140, 150, 160, 170, 170]).is_flat());
        assert!(memory(&[]).is_flat());
        let text = memory(&[100, 300, 200, 150]).to_string();
        assert!(
            text.ends_with("100 MiB after warm-up, 150 MiB at the end of 157 MiB allowed, 300 MiB at most in between"),
            "{text}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_some() {
        assert!(resident(std::process::id()).unwrap() > 1024);
    }
}
