//! The plugin's side of the ABI, one method per exported call.

use core::marker::PhantomData;

use super::Host;
use crate::protocol::Plugin;

/// A plugin instance: everything that lives in one WebAssembly memory.
pub struct Adaptor<P: Plugin> {
    plugin: PhantomData<P>,
}

impl<P: Plugin> Adaptor<P> {
    /// An instance that has not been started.
    pub const fn new() -> Self {
        Self { plugin: PhantomData }
    }

    /// `proxy_on_context_create`.
    pub fn create(&mut self, host: &dyn Host, context: u32, parent: u32) {
        let _ = (host, context, parent);
    }

    /// `proxy_on_vm_start`: 1 if the plugin starts.
    pub fn start_vm(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let _ = (host, root, size);
        1
    }

    /// `proxy_on_configure`: 1 if the configuration is accepted.
    pub fn configure(&mut self, host: &dyn Host, root: u32, size: usize) -> i32 {
        let _ = (host, root, size);
        1
    }

    /// `proxy_on_delete`.
    pub fn delete(&mut self, host: &dyn Host, context: u32) {
        let _ = (host, context);
    }

    /// `proxy_decode_buffer_bytes`; `input` is owned by the plugin.
    pub fn decode(&mut self, host: &dyn Host, context: u32, input: Vec<u8>) -> i32 {
        let _ = (host, context, input);
        0
    }

    /// `proxy_encode_buffer_bytes`.
    pub fn encode(&mut self, host: &dyn Host, context: u32, input: Vec<u8>) -> i32 {
        let _ = (host, context, input);
        0
    }

    /// `proxy_keepalive_buffer_bytes`.
    pub fn keep_alive(&mut self, host: &dyn Host, context: u32, id: u64) -> i32 {
        let _ = (host, context, id);
        0
    }

    /// `proxy_reply_keepalive_buffer_bytes`.
    pub fn reply_keep_alive(&mut self, host: &dyn Host, context: u32) -> i32 {
        let _ = (host, context);
        0
    }

    /// `proxy_hijack_buffer_bytes`.
    pub fn hijack(&mut self, host: &dyn Host, context: u32, status: u32, input: Vec<u8>) -> i32 {
        let _ = (host, context, status, input);
        0
    }
}
