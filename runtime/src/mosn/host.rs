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

/// The host's functions that a codec uses.
pub trait Host: Log {
    /// The first `len` bytes of a configuration buffer; `None` if the host refuses.
    fn buffer(&self, buffer: Buffer, len: usize) -> Option<Vec<u8>>;

    /// Passes a result to the host, which copies it; whether the host accepted it.
    fn set_buffer(&self, buffer: Buffer, data: &[u8]) -> bool;

    /// The shared data of all plugins and instances of the host under a key, with its version.
    fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)>;

    /// Replaces it; `false` if it has been changed since that version.
    fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool;
}
