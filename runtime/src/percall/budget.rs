//! Memory that the connections of a module share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that all connections of a module together hold at most, on all threads.
#[derive(Debug)]
pub struct Budget {
    max: usize,
    held: AtomicUsize,
}

impl Budget {
    /// A budget of so many bytes.
    pub fn new(max: usize) -> Arc<Self> {
        let held = AtomicUsize::new(0);
        Arc::new(Self { max, held })
    }

    /// Bytes that are held now.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

/// What one connection holds of a budget. It gives all of it back when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Held {
    pub(super) const fn new(budget: Arc<Budget>) -> Self {
        Self { budget, bytes: 0 }
    }

    /// Holds more bytes; whether there are so many left.
    pub(super) fn add(&mut self, bytes: usize) -> bool {
        let before = self.budget.held.fetch_add(bytes, Ordering::Relaxed);
        let fits = before.saturating_add(bytes) <= self.budget.max;
        if fits {
            self.bytes += bytes;
        } else {
            self.budget.held.fetch_sub(bytes, Ordering::Relaxed);
        }
        fits
    }

    /// Holds as many bytes fewer.
    pub(super) fn remove(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        self.budget.held.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Holds exactly so many bytes, be they more than are left: they are here already.
    pub(super) fn set(&mut self, bytes: usize) {
        if bytes > self.bytes {
            let more = bytes - self.bytes;
            self.budget.held.fetch_add(more, Ordering::Relaxed);
            self.bytes = bytes;
        } else {
            self.remove(self.bytes - bytes);
        }
    }

    /// Bytes that are held.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.remove(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_share_a_budget_and_give_it_back() {
        let budget = Budget::new(10);
        let (mut a, mut b) = (Held::new(budget.clone()), Held::new(budget.clone()));
        assert!(a.add(6) && !b.add(5) && b.add(4) && !a.add(1));
        a.remove(2);
        b.set(7);
        assert_eq!((budget.held(), b.bytes(), a.add(1)), (11, 7, false));
        b.set(1);
        assert!(a.add(5));
        drop(a);
        assert_eq!(budget.held(), 1);
        drop(b);
        assert_eq!(budget.held(), 0);
    }
}
