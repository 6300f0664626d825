//! Bytes that have come and are dealt with from the front.

/// Bytes that are not dealt with yet.
#[derive(Debug, Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    /// Bytes at the front that are done with.
    start: usize,
}

impl Input {
    /// What is not dealt with.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// How much that is.
    pub(super) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(self.start)
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// So many bytes more are done with. What is left is moved once it is less than that, into a block of its own: the
    /// tail of many bytes must not hold all of them.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.start += bytes;
        if self.start >= self.bytes.len() {
            *self = Self::default();
        } else if self.start > self.bytes.len() / 2 {
            self.bytes = self.bytes.split_off(self.start);
            self.start = 0;
        }
    }
}
