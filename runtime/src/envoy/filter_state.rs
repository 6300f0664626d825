//! The call by which a filter of Envoy has `tcp_proxy` take another cluster.

use crate::wire::varint;

/// The host's function.
#[cfg(target_family = "wasm")]
pub(super) const FUNCTION: &str = "set_envoy_filter_state";

/// What `tcp_proxy` asks for its cluster.
const CLUSTER: &str = "envoy.tcp_proxy.cluster";

/// The arguments of the call, `envoy.source.extensions.common.wasm.SetEnvoyFilterStateArguments` in
/// protobuf: path (field 1), value (field 2), span (field 3) of the downstream connection (1).
pub(super) fn cluster(name: &str) -> Vec<u8> {
    let mut message = Vec::new();
    for (tag, text) in [(0x0a, CLUSTER), (0x12, name)] {
        message.push(tag);
        varint::write(text.len() as u64, &mut message);
        message.extend_from_slice(text.as_bytes());
    }
    message.extend_from_slice(&[0x18, 1]);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Derived by hand from the encoding of protobuf: a tag, a length, the text.
    #[test]
    fn the_message_is_protobuf() {
        let wanted = b"\x0a\x17envoy.tcp_proxy.cluster\x12\x04blue\x18\x01";
        assert_eq!(cluster("blue"), wanted);
        let long = cluster(&"x".repeat(300));
        assert_eq!(long[25..28], [0x12, 0xac, 0x02]);
    }
}
