//! Bytes that are shared.

use bytes::Bytes;

/// These bytes, to be shared.
///
/// In WebAssembly they stay a vector with a counter: what [`Bytes`] has to take its own blocks apart
/// again, panics and their texts included, would be a tenth of a plugin.
pub(crate) fn shared(bytes: Vec<u8>) -> Bytes {
    if cfg!(target_family = "wasm") {
        Bytes::from_owner(bytes)
    } else {
        bytes.into()
    }
}
