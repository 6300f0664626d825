//! The least that still is a bolt v1 plugin: what generated plugins are measured against.
//!
//! It does what no plugin can leave out (read the lengths, hand the frame over, write it again with
//! another id) and nothing else. It does not look into headers, remembers nothing that the host has
//! deleted, has no limits, no settings and no log. Do not start a plugin of your own from it.
//!
//! - `frame` reads and writes bolt frames and the host's messages
//! - `plugin` keeps frames between two calls
//! - `exports` is the host's side

#[cfg(target_family = "wasm")]
mod exports;
#[cfg(target_family = "wasm")]
mod frame;
#[cfg(target_family = "wasm")]
mod plugin;
