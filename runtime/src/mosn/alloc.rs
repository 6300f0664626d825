//! The allocator of a plugin.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

/// Small blocks come in steps of this many bytes,
const FINE: usize = 64;
/// up to here; larger ones in steps of as many,
const COARSE: usize = 4096;
/// up to here. What is larger still is not kept.
const LARGEST: usize = 32 * 1024;
/// One bin for every size of block; the first coarse step is all fine ones.
const BINS: usize = COARSE / FINE + LARGEST / COARSE - 1;
/// Maximum of unused bytes in all bins together: a burst of frames does not keep its memory for good. Of the
/// requests that the host has deleted half are forgotten at once, which are up to 4 MiB.
const KEEP: usize = 8 * 1024 * 1024;
/// What blocks of a bin are aligned to.
const ALIGN: usize = 8;

/// Keeps freed blocks for the next ones of their size. A host asks for two blocks a frame, of a few
/// sizes, and frees of the same sizes follow.
pub(super) struct Pool<A> {
    inner: A,
    bins: UnsafeCell<Bins>,
}

/// The unused blocks.
struct Bins {
    /// For each size the first block, which begins with the address of the next.
    first: [*mut u8; BINS],
    /// Bytes that may still come in.
    room: usize,
    /// The bin that gives up blocks if there is no room for others.
    giving: usize,
}

impl<A> Pool<A> {
    /// A pool of the blocks that `inner` allocates.
    pub(super) const fn new(inner: A) -> Self {
        Self {
            inner,
            bins: UnsafeCell::new(Bins {
                first: [null_mut(); BINS],
                room: KEEP,
                giving: 0,
            }),
        }
    }

    /// The bins, which of them is for this layout, and the layout of its blocks; `None` if there is no such bin.
    #[allow(
        clippy::mut_from_ref,
        clippy::inline_always,
        reason = "there is one thread, and two short callers"
    )]
    #[inline(always)]
    fn bin(&self, layout: Layout) -> Option<(&mut Bins, usize, Layout)> {
        if layout.align() > ALIGN {
            return None;
        }
        let (bin, size) = place(layout.size());
        // SAFETY: one thread, and the borrow ends before the allocator is entered again.
        let bins = unsafe { &mut *self.bins.get() };
        let layout = Layout::from_size_align(size, ALIGN).ok()?;
        (bin < BINS).then_some((bins, bin, layout))
    }
}

impl Bins {
    /// Takes a block out of a bin.
    #[expect(
        clippy::cast_ptr_alignment,
        reason = "blocks of a bin are aligned to `ALIGN`"
    )]
    #[allow(clippy::inline_always, reason = "it is shorter than a call")]
    #[inline(always)]
    fn take(&mut self, bin: usize, size: usize) -> Option<*mut u8> {
        let first = self.first.get_mut(bin)?;
        let block = *first;
        if block.is_null() {
            return None;
        }
        // SAFETY: a block in a bin begins with the address of the next, and is aligned to it.
        *first = unsafe { block.cast::<*mut u8>().read() };
        self.room += size;
        Some(block)
    }

    /// Gives blocks back, of one bin after the other, until there is room for one of `size` bytes: blocks of sizes
    /// that are not in use any more leave to those that are.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, size: usize, mut give: impl FnMut(*mut u8, Layout)) {
        while self.room < size {
            let blocks = block_size(self.giving);
            match (
                self.take(self.giving, blocks),
                Layout::from_size_align(blocks, ALIGN),
            ) {
                (Some(block), Ok(layout)) => give(block, layout),
                _ => self.giving = (self.giving + 1) % BINS,
            }
        }
    }
}

/// Bytes of the blocks of a bin.
const fn block_size(bin: usize) -> usize {
    match (bin + 1).checked_sub(COARSE / FINE) {
        None | Some(0) => (bin + 1) * FINE,
        Some(steps) => (steps + 1) * COARSE,
    }
}

/// The bin of blocks that hold `size` bytes, and their real size. There is no bin of a large size.
#[allow(clippy::inline_always, reason = "it is shorter than a call")]
#[inline(always)]
const fn place(size: usize) -> (usize, usize) {
    if size <= COARSE {
        let steps = if size == 0 { 1 } else { size.div_ceil(FINE) };
        (steps - 1, steps * FINE)
    } else {
        let steps = size.div_ceil(COARSE);
        (COARSE / FINE + steps - 2, steps.saturating_mul(COARSE))
    }
}

// SAFETY: a module without threads runs in one thread.
#[cfg(target_family = "wasm")]
unsafe impl<A> Sync for Pool<A> {}

#[expect(
    clippy::cast_ptr_alignment,
    reason = "blocks of a bin are aligned to `ALIGN`"
)]
// SAFETY: a block of a bin was allocated by `inner` with the layout of the bin, and is in one place
// only: in use, in the bin, or given back to `inner` with that layout.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Pool<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((bins, bin, whole)) = self.bin(layout) else {
            // SAFETY: passed on to the caller.
            return unsafe { self.inner.alloc(layout) };
        };
        match bins.take(bin, whole.size()) {
            Some(block) => block,
            // SAFETY: blocks of a bin are never empty.
            None => unsafe { self.inner.alloc(whole) },
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some((bins, bin, whole)) = self.bin(layout) else {
            // SAFETY: passed on to the caller.
            return unsafe { self.inner.dealloc(block, layout) };
        };
        if bins.room < whole.size() {
            bins.make_room(whole.size(), |block, layout| {
                // SAFETY: the block was allocated with the layout of its bin.
                unsafe { self.inner.dealloc(block, layout) };
            });
        }
        let Some(first) = bins.first.get_mut(bin) else {
            return;
        };
        // SAFETY: the block is unused now, large enough for an address and aligned to it.
        unsafe { block.cast::<*mut u8>().write(*first) };
        *first = block;
        bins.room -= whole.size();
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::System;
    use std::cell::Cell;

    use super::*;

    /// The system's allocator, counting the bytes in use.
    struct Counting(Cell<usize>);

    // SAFETY: all is passed on.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            self.0.set(self.0.get() + layout.size());
            // SAFETY: passed on.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            self.0.set(self.0.get() - layout.size());
            // SAFETY: passed on.
            unsafe { System.dealloc(block, layout) }
        }
    }

    fn pool() -> Pool<Counting> {
        Pool::new(Counting(Cell::new(0)))
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 1).unwrap()
    }

    /// Gives every block of the bins back, with the layout of its bin; none must be left in use.
    fn empty(pool: &Pool<Counting>) {
        for size in (FINE..=LARGEST).step_by(FINE) {
            let (bins, bin, whole) = pool.bin(layout(size)).unwrap();
            while let Some(block) = bins.take(bin, whole.size()) {
                // SAFETY: the block was allocated with the layout of its bin, and is in no other place.
                unsafe { pool.inner.dealloc(block, whole) };
            }
        }
        assert_eq!(pool.inner.0.get(), 0);
    }

    #[test]
    fn every_size_has_a_bin_that_holds_it_or_none() {
        let mut last = 0;
        for size in 0..=LARGEST {
            let (bin, whole) = place(size);
            assert!(bin < BINS && whole >= size && whole >= size_of::<*mut u8>());
            assert_eq!(block_size(bin), whole);
            assert!(bin == last || bin == last + 1, "{size}");
            last = bin;
        }
        assert_eq!(last, BINS - 1);
        assert!(place(LARGEST + 1).0 >= BINS && place(usize::MAX).0 >= BINS);
    }

    #[test]
    fn live_blocks_never_overlap_and_all_can_be_freed() {
        let pool = pool();
        let mut live: Vec<(*mut u8, usize, u8)> = Vec::new();
        let mut state = 1_u32;
        // An interpreter that watches every access takes its time.
        let steps = if cfg!(miri) { 300 } else { 20_000_u32 };
        for step in 0..steps {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let choice = (state >> 16) as usize;
            if choice % 2 == 0 && live.len() < 200 {
                let size = 1 + choice * 37 % (LARGEST + LARGEST / 2);
                let mark = step.to_le_bytes()[0];
                // SAFETY: the block is as large as it was asked for.
                unsafe {
                    let block = pool.alloc(layout(size));
                    block.write_bytes(mark, size);
                    live.push((block, size, mark));
                }
            } else if !live.is_empty() {
                let (block, size, mark) = live.swap_remove(choice % live.len());
                // SAFETY: the block is live, and has this layout.
                unsafe {
                    let bytes = core::slice::from_raw_parts(block, size);
                    assert!(bytes == vec![mark; size], "step {step}");
                    pool.dealloc(block, layout(size));
                }
            }
        }
        for (block, size, _) in live {
            // SAFETY: the block is live, and has this layout.
            unsafe { pool.dealloc(block, layout(size)) };
        }
        assert!(pool.inner.0.get() <= KEEP);
        empty(&pool);
    }

    #[test]
    fn a_freed_block_is_the_next_of_its_size() {
        let pool = pool();
        // SAFETY: blocks are freed once, with their layouts.
        unsafe {
            let first = pool.alloc(layout(100));
            pool.dealloc(first, layout(100));
            let second = pool.alloc(layout(128));
            assert_eq!(first, second);
            let third = pool.alloc(layout(128));
            assert_ne!(second, third);
            pool.dealloc(second, layout(128));
            pool.dealloc(third, layout(128));
        }
        empty(&pool);
    }

    /// Allocates so many blocks, and frees them all.
    fn burst(pool: &Pool<Counting>, blocks: usize, size: usize) {
        // SAFETY: blocks are freed once, with their layouts.
        unsafe {
            let blocks: Vec<_> = (0..blocks).map(|_| pool.alloc(layout(size))).collect();
            for block in blocks {
                pool.dealloc(block, layout(size));
            }
        }
    }

    #[test]
    fn a_burst_gives_its_memory_back() {
        let pool = pool();
        burst(&pool, KEEP / LARGEST + 100, LARGEST);
        assert_eq!(pool.inner.0.get(), KEEP);
        empty(&pool);
    }

    #[test]
    fn blocks_of_a_size_that_is_out_of_use_leave() {
        let pool = pool();
        burst(&pool, KEEP / LARGEST, LARGEST);
        burst(&pool, KEEP / COARSE, COARSE);
        assert_eq!(pool.inner.0.get(), KEEP);
        let (bins, bin, whole) = pool.bin(layout(LARGEST)).unwrap();
        assert!(bins.take(bin, whole.size()).is_none(), "all have left");
        let (bins, bin, whole) = pool.bin(layout(COARSE)).unwrap();
        let kept = std::iter::from_fn(|| bins.take(bin, whole.size()));
        let mut count = 0;
        for block in kept {
            // SAFETY: the block was allocated with the layout of its bin, and is in no other place.
            unsafe { pool.inner.dealloc(block, whole) };
            count += 1;
        }
        assert_eq!(count, KEEP / COARSE);
        empty(&pool);
    }
}
