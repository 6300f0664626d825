//! The plugin's side: one instance, native or WebAssembly, by its exported calls.

use core::any::Any;
use core::fmt;

use super::HostSide;

/// One instance of a plugin: the raw calls that it exports to the host, and the host's side of it.
///
/// The calls do what the host's own bindings do, and nothing more: they copy the input into the
/// instance and return its status. The results and log lines of a call are in
/// [`Guest::host`]. An [`MosnHost`](super::MosnHost) makes them in the host's order.
pub trait Guest {
    /// What the host keeps for this instance.
    fn host(&self) -> &HostSide;

    /// `proxy_on_context_create`.
    fn create(&mut self, context: u32, parent: u32) -> Result<(), Trap>;

    /// `proxy_on_vm_start`; `size` is that of the configuration in bytes. 1 is success.
    fn start_vm(&mut self, root: u32, size: u32) -> Result<i32, Trap>;

    /// `proxy_on_configure`; `size` is that of the configuration in bytes. 1 is success.
    fn configure(&mut self, root: u32, size: u32) -> Result<i32, Trap>;

    /// `proxy_on_delete`.
    fn delete(&mut self, context: u32) -> Result<(), Trap>;

    /// `proxy_decode_buffer_bytes`.
    fn decode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap>;

    /// `proxy_encode_buffer_bytes`.
    fn encode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap>;

    /// `proxy_keepalive_buffer_bytes`.
    fn keep_alive(&mut self, context: u32, id: u64) -> Result<i32, Trap>;

    /// `proxy_reply_keepalive_buffer_bytes`.
    fn reply_keep_alive(&mut self, context: u32) -> Result<i32, Trap>;

    /// `proxy_hijack_buffer_bytes`.
    fn hijack(&mut self, context: u32, status: u32, input: &[u8]) -> Result<i32, Trap>;

    /// Bytes of the instance's linear memory; `None` where it has none of its own.
    fn memory(&self) -> Option<usize>;
}

/// A compiled plugin, from which instances are made.
pub trait Module {
    /// An instance.
    type Guest: Guest;

    /// Makes an instance, which keeps `host`, and runs its start functions; then calls
    /// [`HostSide::started`].
    fn instantiate(&self, host: HostSide) -> Result<Self::Guest, Trap>;
}

impl<M: Module + ?Sized> Module for &M {
    type Guest = M::Guest;

    fn instantiate(&self, host: HostSide) -> Result<Self::Guest, Trap> {
        (**self).instantiate(host)
    }
}

/// A call that did not return: the instance trapped, or lacks the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap(String);

impl Trap {
    /// A trap for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The panic of a native plugin, as its host sees it.
    pub(super) fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Self(format!("panicked: {}", text.unwrap_or("for no text")))
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Trap {}
