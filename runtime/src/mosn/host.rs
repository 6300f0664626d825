//! What the host offers to a plugin.

use crate::protocol::Log;

/// A buffer that host and plugin exchange, by its number in the ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Buffer {
    /// The configuration of the virtual machine; readable while a root context starts.
    VmConfiguration = 6,
    /// The configuration of the plugin; readable while a root context starts.
    PluginConfiguration = 7,
    /// The result of a decode. Set once, and only with a complete frame.
    DecodeData = 13,
    /// The result of an encode. Set once.
    EncodeData = 14,
}

/// The host's functions, as far as a codec needs them.
pub trait Host: Log {
    /// The first `len` bytes of a configuration buffer; `None` if the host refuses.
    fn buffer(&self, buffer: Buffer, len: usize) -> Option<Vec<u8>>;

    /// Hands a result to the host, which copies it; whether the host took it.
    fn set_buffer(&self, buffer: Buffer, data: &[u8]) -> bool;

    /// What all plugins and instances of the host share under a key, with its version.
    fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)>;

    /// Changes it; `false` if it has been changed since that version.
    fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool;
}
