//! The host's side: what it calls, and the one thing that it is asked for.

use core::cell::UnsafeCell;

use crate::plugin::Plugin;

/// A buffer of the host that takes a result.
#[derive(Clone, Copy)]
#[repr(i32)]
pub(crate) enum Buffer {
    DecodeData = 13,
    EncodeData = 14,
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_set_buffer_bytes(
        kind: i32,
        start: usize,
        len: usize,
        data: *const u8,
        size: usize,
    ) -> i32;
}

/// Hands a result to the host, which copies it.
#[inline]
pub(crate) fn set(buffer: Buffer, data: &[u8]) -> i32 {
    // SAFETY: the pointer and the length are those of a live slice.
    unsafe { proxy_set_buffer_bytes(buffer as i32, 0, data.len(), data.as_ptr(), data.len()) }
}

/// A block that the host has written into, taken over from it.
///
/// # Safety
///
/// `data` comes from `malloc(size)`, and it is not used any more.
#[inline]
unsafe fn take(data: *mut u8, size: usize) -> Box<[u8]> {
    // SAFETY: `malloc` makes it a box of this size.
    unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(data, size)) }
}

struct Instance(UnsafeCell<Plugin>);

// SAFETY: a module without threads runs in one thread.
unsafe impl Sync for Instance {}

static INSTANCE: Instance = Instance(UnsafeCell::new(Plugin::new()));

#[inline]
fn plugin() -> &'static mut Plugin {
    // SAFETY: the host enters one export at a time, except for `malloc`, which does not come here.
    unsafe { &mut *INSTANCE.0.get() }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_mosn_version_0_2_0() {}

#[unsafe(no_mangle)]
extern "C" fn _start() {}

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut u8 {
    Box::into_raw(Box::<[u8]>::new_uninit_slice(size)).cast()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_context_create(_context: u32, _parent: u32) {}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_vm_start(_root: u32, _size: usize) -> i32 {
    1
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(_root: u32, _size: usize) -> i32 {
    1
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_done(_root: u32) -> i32 {
    1
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_delete(context: u32) {
    plugin().delete(context);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn proxy_decode_buffer_bytes(context: u32, data: *mut u8, size: usize) -> i32 {
    // SAFETY: the host has called `malloc(size)` for this block and gives it away.
    let input = unsafe { take(data, size) };
    plugin().decode(context, input)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn proxy_encode_buffer_bytes(context: u32, data: *mut u8, size: usize) -> i32 {
    // SAFETY: the host has called `malloc(size)` for this block and gives it away.
    let input = unsafe { take(data, size) };
    plugin().encode(context, &input)
}

/// There are no heartbeats of its own.
#[unsafe(no_mangle)]
extern "C" fn proxy_keepalive_buffer_bytes(_context: u32, _id: u64) -> i32 {
    12
}

/// The answer is made by the encode that follows.
#[unsafe(no_mangle)]
extern "C" fn proxy_reply_keepalive_buffer_bytes(_context: u32, _data: u32, _size: u32) -> i32 {
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn proxy_hijack_buffer_bytes(
    context: u32,
    _status: u32,
    data: *mut u8,
    size: usize,
) -> i32 {
    // SAFETY: the host has called `malloc(size)` for this block and gives it away.
    let input = unsafe { take(data, size) };
    plugin().hijack(context, &input)
}
