//! The exports MOSN looks up in a codec module, and what it does when one is missing or mistyped.

use super::signature::Signature;
use super::signature::Ty::{self, I32, I64};

/// How much MOSN depends on an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The module does not start, or harms the host, without it.
    Required,
    /// The module works without it, minus a feature.
    Advised,
}

/// A function that MOSN calls by name.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// The exported name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Ty],
    /// Its result, if it has one.
    pub result: Option<Ty>,
    /// How much the host depends on it.
    pub need: Need,
    /// What happens when the module lacks it.
    pub without: &'static str,
}

impl Export {
    /// Its full type.
    pub fn signature(&self) -> Signature {
        Signature::new(self.params, self.result.as_slice())
    }
}

/// The memory through which host and plugin exchange everything; wasmer looks it up by this name.
pub const MEMORY: &str = "memory";

/// The marker that makes a module a codec.
pub const MARKER: &str = "proxy_abi_mosn_version_0_2_0";

/// Exported functions whose name starts like this are looked up in MOSN's registry of ABIs.
pub const MARKER_PREFIX: &str = "proxy_abi";

/// The other markers that stock MOSN has registered: ABIs of HTTP filters.
pub const FILTER_MARKERS: [&str; 2] = ["proxy_abi_version_0_1_0", "proxy_abi_version_0_2_0"];

/// The entry point of reactor modules, which MOSN does not know.
pub const INITIALIZE: &str = "_initialize";

const fn required(
    name: &'static str,
    params: &'static [Ty],
    result: Option<Ty>,
    without: &'static str,
) -> Export {
    Export {
        name,
        params,
        result,
        need: Need::Required,
        without,
    }
}

const fn advised(name: &'static str, params: &'static [Ty], without: &'static str) -> Export {
    Export {
        name,
        params,
        result: Some(I32),
        need: Need::Advised,
        without,
    }
}

/// Every function MOSN calls in a codec.
#[rustfmt::skip]
pub const CALLED: &[Export] = &[
    required("malloc", &[I32], Some(I32),
        "the host has no other way to pass input"),
    required("_start", &[], None,
        "wasmer refuses to start an instance that lacks it"),
    required("proxy_on_context_create", &[I32; 2], None,
        "no context is ever created, for the plugin or for a frame"),
    required("proxy_on_vm_start", &[I32; 2], Some(I32),
        "MOSN calls it once per instance while it starts"),
    required("proxy_on_configure", &[I32; 2], Some(I32),
        "MOSN calls it once per instance while it starts"),
    required("proxy_on_delete", &[I32], None,
        "contexts of finished frames are never freed"),
    required("proxy_decode_buffer_bytes", &[I32; 3], Some(I32),
        "nothing is decoded: every connection is closed on its first bytes"),
    required("proxy_encode_buffer_bytes", &[I32; 3], Some(I32),
        "nothing is encoded: every request ends in a hijack, every response is lost"),
    required("proxy_hijack_buffer_bytes", &[I32; 4], Some(I32),
        "the error path of the host leaves the instance locked: the first hijacked request blocks the plugin for good"),
    advised("proxy_keepalive_buffer_bytes", &[I32, I64],
        "keepalive is off, and each upstream connection leaks one context"),
    advised("proxy_reply_keepalive_buffer_bytes", &[I32; 3],
        "heartbeats from clients are not answered"),
];

/// The function of this name, if MOSN calls it.
pub fn called(name: &str) -> Option<&'static Export> {
    CALLED.iter().find(|export| export.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keepalive_id_is_the_only_64_bit_argument() {
        let wide: Vec<&str> = CALLED
            .iter()
            .filter(|export| export.params.contains(&I64))
            .map(|export| export.name)
            .collect();
        assert_eq!(wide, ["proxy_keepalive_buffer_bytes"]);
    }

    #[test]
    fn types_read_as_the_host_states_them() {
        let ty = |name| called(name).expect(name).signature().to_string();
        assert_eq!(ty("_start"), "()");
        assert_eq!(ty("proxy_on_delete"), "(i32)");
        assert_eq!(ty("proxy_keepalive_buffer_bytes"), "(i32, i64) -> i32");
        assert_eq!(
            ty("proxy_hijack_buffer_bytes"),
            "(i32, i32, i32, i32) -> i32"
        );
    }
}
