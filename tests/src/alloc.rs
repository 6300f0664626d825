//! An allocator that counts, for tests that look for leaks.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, with a count of the bytes that each thread has allocated and not freed.
/// Use it as `#[global_allocator]`.
pub struct Counting;

/// Bytes that this thread has allocated and not freed; below 0 if it has freed what others allocated.
pub fn live() -> isize {
    LIVE.get()
}

/// What `call` returns, and the most bytes that this thread had allocated at any time during it, beyond those
/// that it had before. Does not nest.
pub fn peak<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = live();
    PEAK.set(before);
    let result = call();
    let most = PEAK.get().saturating_sub(before);
    (result, most.unsigned_abs())
}

fn count(bytes: usize, freed: usize) {
    let change = bytes.cast_signed() - freed.cast_signed();
    // While a thread ends, its count may be gone already.
    let _ = LIVE.try_with(|live| {
        let now = live.get() + change;
        live.set(now);
        PEAK.with(|peak| peak.set(peak.get().max(now)));
    });
}

// SAFETY: everything is left to the system's allocator; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(block, layout, size) }
    }
}
