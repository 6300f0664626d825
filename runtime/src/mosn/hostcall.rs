//! The imports: each declaration is followed by its safe wrapper. Nothing else is imported, because
//! a module that asks for more than the host offers does not load.

use super::host::{Buffer, Host};
use super::malloc::take;
use crate::protocol::{Level, Log};

/// The host that this module runs in, without the data that it shares among its plugins: what is not
/// used is not imported.
pub(super) struct Mosn;

/// The host that this module runs in.
pub(super) struct Sharing;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: i32, line: *const u8, size: usize) -> i32;
    fn proxy_get_buffer_bytes(
        kind: i32,
        start: usize,
        len: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> i32;
    fn proxy_set_buffer_bytes(
        kind: i32,
        start: usize,
        len: usize,
        data: *const u8,
        size: usize,
    ) -> i32;
    fn proxy_get_shared_data(
        key: *const u8,
        key_size: usize,
        value: *mut *mut u8,
        size: *mut usize,
        version: *mut u32,
    ) -> i32;
    fn proxy_set_shared_data(
        key: *const u8,
        key_size: usize,
        value: *const u8,
        size: usize,
        version: u32,
    ) -> i32;
}

impl Log for Mosn {
    fn log(&self, level: Level, line: &str) {
        // SAFETY: the pointer and the length are those of a live string, which the host copies. A
        // refused line is lost: it cannot be reported.
        unsafe { proxy_log(level as i32, line.as_ptr(), line.len()) };
    }
}

impl Host for Mosn {
    fn buffer(&self, buffer: Buffer, len: usize) -> Option<Vec<u8>> {
        let (mut data, mut size) = (core::ptr::null_mut(), 0);
        // SAFETY: both results are written by the host before it returns 0. It is asked for a whole
        // buffer from its start; it ignores `start` and fails on a length that is negative to it.
        let status =
            unsafe { proxy_get_buffer_bytes(buffer as i32, 0, len, &raw mut data, &raw mut size) };
        // SAFETY: on success the host has called `malloc(size)`, and gives the block away.
        (status == 0 && !data.is_null()).then(|| unsafe { take(data, size) })
    }

    #[inline]
    fn set_buffer(&self, buffer: Buffer, data: &[u8]) -> bool {
        // SAFETY: the pointer and the length are those of a live slice, which the host copies.
        unsafe {
            proxy_set_buffer_bytes(buffer as i32, 0, data.len(), data.as_ptr(), data.len()) == 0
        }
    }

    fn shared(&self, _: &[u8]) -> Option<(Vec<u8>, u32)> {
        None
    }

    fn set_shared(&self, _: &[u8], _: &[u8], _: u32) -> bool {
        false
    }
}

impl Log for Sharing {
    fn log(&self, level: Level, line: &str) {
        Mosn.log(level, line);
    }
}

impl Host for Sharing {
    fn buffer(&self, buffer: Buffer, len: usize) -> Option<Vec<u8>> {
        Mosn.buffer(buffer, len)
    }

    fn set_buffer(&self, buffer: Buffer, data: &[u8]) -> bool {
        Mosn.set_buffer(buffer, data)
    }

    fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)> {
        let (mut value, mut size, mut version) = (core::ptr::null_mut(), 0, 0);
        // SAFETY: the key is that of a live slice; the three results are written by the host before it
        // returns 0.
        let status = unsafe {
            proxy_get_shared_data(
                key.as_ptr(),
                key.len(),
                &raw mut value,
                &raw mut size,
                &raw mut version,
            )
        };
        // SAFETY: on success the host has called `malloc(size)`, and gives the block away.
        (status == 0 && !value.is_null()).then(|| (unsafe { take(value, size) }, version))
    }

    fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool {
        // SAFETY: both pointers and lengths are those of live slices, which the host copies.
        unsafe {
            proxy_set_shared_data(
                key.as_ptr(),
                key.len(),
                value.as_ptr(),
                value.len(),
                version,
            ) == 0
        }
    }
}
