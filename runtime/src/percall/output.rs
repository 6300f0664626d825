//! Bytes on their way out.

/// Bytes that the host has not written yet.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    /// Bytes at the front that it has.
    start: usize,
    /// All that it has written.
    total: u64,
}

/// Room that is kept for what comes next.
const KEPT: usize = 1 << 14;

impl Output {
    /// What is to be written next.
    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// How much that is.
    pub(super) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(self.start)
    }

    /// The host has written so many bytes.
    pub(super) fn sent(&mut self, bytes: usize) {
        let bytes = bytes.min(self.len());
        self.start += bytes;
        self.total += bytes as u64;
        if self.start == self.bytes.len() {
            self.start = 0;
            self.bytes.clear();
            self.bytes.shrink_to(KEPT);
        } else if self.start > self.len() {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
    }

    /// All bytes that have been written here, since the beginning.
    pub(super) fn end(&self) -> u64 {
        self.total + self.len() as u64
    }

    /// All bytes that the host has written.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }
}
