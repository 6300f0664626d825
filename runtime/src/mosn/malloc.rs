//! The memory that the host asks for, writes into, and gives away.

use core::ptr::NonNull;
use std::alloc::{Layout, alloc, handle_alloc_error};
use std::process::abort;

/// A block for the host, of any size, never null.
///
/// The host calls this while another export is still running, so it shares nothing with the rest
/// of the plugin but the allocator. Where there is no memory left it traps: the host does not look
/// for null, it would overwrite the front of the memory.
pub fn malloc(size: usize) -> *mut u8 {
    if size == 0 {
        return NonNull::dangling().as_ptr();
    }
    match Layout::array::<u8>(size) {
        Ok(layout) => {
            // SAFETY: the size is not 0.
            let block = unsafe { alloc(layout) };
            if block.is_null() {
                handle_alloc_error(layout)
            } else {
                block
            }
        }
        Err(_) => abort(),
    }
}

/// Memory that the host has written into, taken over from it.
///
/// # Safety
///
/// `data` comes from [`malloc`] with this `size`, all of it is written, and it is not used any more.
#[expect(
    clippy::same_length_and_capacity,
    reason = "`malloc` allocates just this much"
)]
pub(super) unsafe fn take(data: *mut u8, size: usize) -> Vec<u8> {
    // SAFETY: `malloc` allocates with the layout of a vector whose capacity is `size`; for 0 bytes
    // it returns a dangling pointer, which is what such a vector has.
    unsafe { Vec::from_raw_parts(data, size, size) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Under Miri this is more: a wrong layout, a leak or a read of uninitialised memory ends the test.
    #[test]
    fn what_the_host_has_written_is_taken_over() {
        for size in [0, 1, 7, 8, 4096, 100_000] {
            let block = malloc(size);
            assert!(!block.is_null());
            // SAFETY: the block is as large as it was asked for, and given away once it is written.
            let mut taken = unsafe {
                block.write_bytes(0x5a, size);
                take(block, size)
            };
            assert_eq!(taken, vec![0x5a; size]);
            taken.push(1);
            assert_eq!(taken.len(), size + 1);
        }
    }

    #[test]
    fn blocks_are_apart() {
        let (first, second) = (malloc(64), malloc(64));
        // SAFETY: each block has 64 bytes, and is given away once it is written.
        let (first, second) = unsafe {
            first.write_bytes(1, 64);
            second.write_bytes(2, 64);
            (take(first, 64), take(second, 64))
        };
        assert_eq!((first, second), (vec![1; 64], vec![2; 64]));
    }
}
