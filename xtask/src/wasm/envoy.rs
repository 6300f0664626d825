//! What Envoy offers a network filter and calls in it: ABI 0.2.1 of proxy-wasm.
//!
//! Source: `include/proxy-wasm/exports.h` and `src/wasm.cc` of `proxy-wasm/proxy-wasm-cpp-host`, and
//! the crate `proxy-wasm` 0.2.5, which declares what it calls.

use super::signature::Signature;
use super::signature::Ty::{self, I32, I64};

/// The markers that Envoy knows; a module needs one of them.
pub const MARKERS: [&str; 3] = [
    "proxy_abi_version_0_1_0",
    "proxy_abi_version_0_2_0",
    "proxy_abi_version_0_2_1",
];

/// The functions by one of which Envoy places bytes in the module.
pub const ALLOCATORS: [&str; 2] = ["malloc", "proxy_on_memory_allocate"];

/// Functions of module `env` with their parameters; each answers one `i32` status.
#[rustfmt::skip]
pub const OFFERED: &[(&str, &[Ty])] = &[
    ("proxy_log", &[I32; 3]),
    ("proxy_get_log_level", &[I32; 1]),
    ("proxy_get_status", &[I32; 3]),
    ("proxy_get_property", &[I32; 4]),
    ("proxy_set_property", &[I32; 4]),
    ("proxy_continue_stream", &[I32; 1]),
    ("proxy_close_stream", &[I32; 1]),
    ("proxy_send_local_response", &[I32; 8]),
    ("proxy_get_shared_data", &[I32; 5]),
    ("proxy_set_shared_data", &[I32; 5]),
    ("proxy_register_shared_queue", &[I32; 3]),
    ("proxy_resolve_shared_queue", &[I32; 5]),
    ("proxy_dequeue_shared_queue", &[I32; 3]),
    ("proxy_enqueue_shared_queue", &[I32; 3]),
    ("proxy_get_buffer_bytes", &[I32; 5]),
    ("proxy_get_buffer_status", &[I32; 3]),
    ("proxy_set_buffer_bytes", &[I32; 5]),
    ("proxy_add_header_map_value", &[I32; 5]),
    ("proxy_get_header_map_value", &[I32; 5]),
    ("proxy_replace_header_map_value", &[I32; 5]),
    ("proxy_remove_header_map_value", &[I32; 3]),
    ("proxy_get_header_map_pairs", &[I32; 3]),
    ("proxy_set_header_map_pairs", &[I32; 3]),
    ("proxy_get_header_map_size", &[I32; 2]),
    ("proxy_http_call", &[I32; 10]),
    ("proxy_define_metric", &[I32; 4]),
    ("proxy_increment_metric", &[I32, I64]),
    ("proxy_record_metric", &[I32, I64]),
    ("proxy_get_metric", &[I32; 2]),
    ("proxy_grpc_call", &[I32; 12]),
    ("proxy_grpc_stream", &[I32; 9]),
    ("proxy_grpc_cancel", &[I32; 1]),
    ("proxy_grpc_close", &[I32; 1]),
    ("proxy_grpc_send", &[I32; 4]),
    ("proxy_set_tick_period_milliseconds", &[I32; 1]),
    ("proxy_get_current_time_nanoseconds", &[I32; 1]),
    ("proxy_set_effective_context", &[I32; 1]),
    ("proxy_done", &[]),
    ("proxy_call_foreign_function", &[I32; 6]),
];

/// The functions of WASI preview 1 that Envoy offers.
#[rustfmt::skip]
pub const WASI: &[&str] = &[
    "fd_write", "fd_read", "fd_seek", "fd_close", "fd_fdstat_get", "fd_fdstat_set_flags",
    "fd_prestat_get", "fd_prestat_dir_name", "environ_get", "environ_sizes_get", "args_get",
    "args_sizes_get", "clock_time_get", "random_get", "sched_yield", "poll_oneoff", "proc_exit",
    "path_open", "path_create_directory", "path_remove_directory", "path_unlink_file",
    "path_rename", "path_link", "path_filestat_get",
];

/// A function that Envoy calls in a network filter.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// The exported name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Ty],
    /// Its result, if it has one.
    pub result: Option<Ty>,
    /// What happens when the module lacks it.
    pub without: &'static str,
}

impl Export {
    /// Its full type.
    pub fn signature(&self) -> Signature {
        Signature::new(self.params, self.result.as_slice())
    }
}

const fn called(
    name: &'static str,
    params: &'static [Ty],
    result: Option<Ty>,
    without: &'static str,
) -> Export {
    Export {
        name,
        params,
        result,
        without,
    }
}

/// Every function that Envoy calls in a filter of this repository. It passes over what is missing.
#[rustfmt::skip]
pub const CALLED: &[Export] = &[
    called("_initialize", &[], None,
        "nothing is set up before the first context"),
    called("proxy_on_context_create", &[I32; 2], None,
        "the filter sees no connection"),
    called("proxy_on_configure", &[I32; 2], Some(I32),
        "the filter never gets its configuration, and errors in it are not reported"),
    called("proxy_on_new_connection", &[I32; 1], Some(I32),
        "connections are not counted, and cannot wait for their first frame"),
    called("proxy_on_downstream_data", &[I32; 3], Some(I32),
        "the filter does not see what clients send"),
    called("proxy_on_upstream_data", &[I32; 3], Some(I32),
        "the filter does not see what servers send"),
    called("proxy_on_done", &[I32; 1], Some(I32),
        "calls without answers are not counted"),
    called("proxy_on_delete", &[I32; 1], None,
        "contexts of closed connections are never freed"),
];

/// The parameters of this function of `env`, if Envoy offers it.
pub fn offered(name: &str) -> Option<Signature> {
    let (_, params) = OFFERED.iter().find(|(offered, _)| *offered == name)?;
    Some(Signature::new(params, &[I32]))
}
