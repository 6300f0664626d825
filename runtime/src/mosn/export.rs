//! The exports: thin shims around an [`Adaptor`].

use core::cell::UnsafeCell;

use super::hostcall::{Mosn, Sharing};
use super::malloc::take;
use super::{Adaptor, Host};
use crate::protocol::Plugin;

/// A codec allocates a few blocks for every frame, so the allocator shows in its speed.
#[cfg(feature = "talc")]
#[global_allocator]
static ALLOCATOR: super::alloc::Pool<talc::wasm::WasmDynamicTalc> =
    super::alloc::Pool::new(talc::wasm::new_wasm_dynamic_allocator());

/// The plugin of this module.
pub struct Instance<P: Plugin>(UnsafeCell<Adaptor<P>>);

// SAFETY: a module without threads runs in one thread.
unsafe impl<P: Plugin> Sync for Instance<P> {}

impl<P: Plugin> Instance<P> {
    /// A plugin that has not been started.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(Adaptor::new()))
    }

    /// Calls the adaptor. There is no borrow flag: after a trap the host goes on to use the
    /// instance, and a flag left standing would make every later call trap too.
    fn call<T>(&self, call: impl FnOnce(&mut Adaptor<P>, &dyn Host) -> T) -> T {
        // SAFETY: the host enters one export at a time, and the only export that it calls from
        // within an import is `malloc`, which does not come here.
        let adaptor = unsafe { &mut *self.0.get() };
        if P::OPAQUE || P::LARGEST_ID < u64::MAX {
            call(adaptor, &Sharing)
        } else {
            call(adaptor, &Mosn)
        }
    }

    /// `proxy_on_context_create`.
    pub fn create(&self, context: u32, parent: u32) {
        self.call(|adaptor, host| adaptor.create(host, context, parent));
    }

    /// `proxy_on_vm_start`.
    pub fn start_vm(&self, root: u32, size: usize) -> i32 {
        self.call(|adaptor, host| adaptor.start_vm(host, root, size))
    }

    /// `proxy_on_configure`.
    pub fn configure(&self, root: u32, size: usize) -> i32 {
        self.call(|adaptor, host| adaptor.configure(host, root, size))
    }

    /// `proxy_on_delete`.
    pub fn delete(&self, context: u32) {
        self.call(|adaptor, host| adaptor.delete(host, context));
    }

    /// `proxy_decode_buffer_bytes`.
    ///
    /// # Safety
    ///
    /// `data` comes from [`malloc`](super::malloc()) with this `size` and is given away.
    pub unsafe fn decode(&self, context: u32, data: *mut u8, size: usize) -> i32 {
        // SAFETY: passed on to the caller.
        let input = unsafe { take(data, size) };
        self.call(|adaptor, host| adaptor.decode(host, context, input))
    }

    /// `proxy_encode_buffer_bytes`.
    ///
    /// # Safety
    ///
    /// `data` comes from [`malloc`](super::malloc()) with this `size` and is given away.
    pub unsafe fn encode(&self, context: u32, data: *mut u8, size: usize) -> i32 {
        // SAFETY: passed on to the caller.
        let input = unsafe { take(data, size) };
        self.call(|adaptor, host| adaptor.encode(host, context, input))
    }

    /// `mw_lean_1`.
    pub fn lean_offer(&self) -> u32 {
        self.call(|adaptor, _| adaptor.lean_offer().map_or(0, address))
    }

    /// `mw_lean_room`.
    pub fn lean_room(&self, size: usize) -> u32 {
        self.call(|adaptor, _| adaptor.lean_grow(size).map_or(0, address))
    }

    /// `mw_lean_decode`.
    pub fn lean_decode(&self, root: u32, len: usize) -> u64 {
        self.call(|adaptor, _| {
            let (reply, answer) = adaptor.lean_decode(root, len);
            reply.packed(address(answer))
        })
    }

    /// `mw_lean_rewrite`.
    pub fn lean_rewrite(&self, len: usize) -> u64 {
        self.call(|adaptor, _| {
            let (reply, front) = adaptor.lean_rewrite(len);
            reply.packed(address(front))
        })
    }

    /// `proxy_keepalive_buffer_bytes`.
    pub fn keep_alive(&self, context: u32, id: u64) -> i32 {
        self.call(|adaptor, host| adaptor.keep_alive(host, context, id))
    }

    /// `proxy_reply_keepalive_buffer_bytes`.
    pub fn reply_keep_alive(&self, context: u32) -> i32 {
        self.call(|adaptor, host| adaptor.reply_keep_alive(host, context))
    }

    /// `proxy_hijack_buffer_bytes`.
    ///
    /// # Safety
    ///
    /// `data` comes from [`malloc`](super::malloc()) with this `size` and is given away.
    pub unsafe fn hijack(&self, context: u32, status: u32, data: *mut u8, size: usize) -> i32 {
        // SAFETY: passed on to the caller.
        let input = unsafe { take(data, size) };
        self.call(|adaptor, host| adaptor.hijack(host, context, status, input))
    }
}

/// Where bytes are in the memory of the module.
fn address(bytes: &[u8]) -> u32 {
    bytes.as_ptr().addr() as u32
}

impl<P: Plugin> Default for Instance<P> {
    fn default() -> Self {
        Self::new()
    }
}
