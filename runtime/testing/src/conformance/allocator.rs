//! The allocations of a codec for its input.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use std::alloc::System;

use super::describe::ensure;

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which records the largest block that each thread requests.
///
/// [`conformance!`](crate::conformance!) makes it the global one of a test binary. Without it, allocations fail
/// no test.
#[derive(Debug)]
pub struct Allocator;

fn note(size: usize) {
    // While a thread ends, its note may be gone already.
    let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(size)));
}

// SAFETY: everything is left to the system's allocator; a note does not allocate.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(block, layout, size) }
    }
}

/// What every input may take.
const FREE: usize = 16 * 1024;

/// Bytes of a block for each byte of input: many short headers make a list of larger ones.
const PER_BYTE: usize = 64;

/// Calls a codec with an input of `len` bytes. A block that is larger than this input explains was sized by a
/// number in it.
pub(super) fn bounded<T>(
    len: usize,
    call: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    LARGEST.set(0);
    let result = call()?;
    let largest = LARGEST.get();
    ensure(largest <= FREE + PER_BYTE * len, || {
        format!("decoding {len} bytes allocates {largest} bytes at once")
    })?;
    Ok(result)
}
