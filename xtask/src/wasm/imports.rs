//! The functions a codec module may import from MOSN: module `env`, the v1 set of proxy-wasm.
//!
//! Source: `internal/imports/v1/imports.go` of `mosn/proxy-wasm-go-host` at 25a9e13, which MOSN
//! v1.6.0, v1.6.1 and its main line pin. Every function answers one `i32` status.

use super::signature::Signature;
use super::signature::Ty::{self, I32, I64};

/// The module every one of these functions belongs to.
pub const MODULE: &str = "env";

/// What a codec gets from a function that links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does what its name says.
    Works,
    /// Status 0 and an empty value, whatever is asked.
    Empty,
    /// Status 0, but only the low four of the eight promised bytes are written.
    HalfWritten,
    /// Status 1: a codec has no such thing.
    NotFound,
    /// Status 12, always.
    Unimplemented,
    /// The host panics and the call into the plugin is aborted.
    Panics,
}

/// A function that MOSN offers.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// Its name in module `env`.
    pub name: &'static str,
    /// Its parameters; the result is one `i32`.
    pub params: &'static [Ty],
    /// What a codec that calls it gets.
    pub answer: Answer,
}

impl Import {
    /// Its full type.
    pub fn signature(&self) -> Signature {
        Signature::new(self.params, &[I32])
    }
}

const fn offer(name: &'static str, params: &'static [Ty], answer: Answer) -> Import {
    Import {
        name,
        params,
        answer,
    }
}

/// Everything MOSN offers to a codec.
#[rustfmt::skip]
pub const OFFERED: &[Import] = &[
    offer("proxy_log", &[I32; 3], Answer::Works),
    offer("proxy_get_buffer_bytes", &[I32; 5], Answer::Works),
    offer("proxy_set_buffer_bytes", &[I32; 5], Answer::Works),
    offer("proxy_get_property", &[I32; 4], Answer::Empty),
    offer("proxy_set_property", &[I32; 4], Answer::Unimplemented),
    offer("proxy_set_effective_context", &[I32; 1], Answer::Unimplemented),
    offer("proxy_done", &[], Answer::Unimplemented),
    offer("proxy_set_tick_period_milliseconds", &[I32; 1], Answer::Unimplemented),
    offer("proxy_get_current_time_nanoseconds", &[I32; 1], Answer::HalfWritten),
    offer("proxy_get_header_map_pairs", &[I32; 3], Answer::NotFound),
    offer("proxy_set_header_map_pairs", &[I32; 3], Answer::NotFound),
    offer("proxy_get_header_map_value", &[I32; 5], Answer::NotFound),
    offer("proxy_replace_header_map_value", &[I32; 5], Answer::NotFound),
    offer("proxy_add_header_map_value", &[I32; 5], Answer::NotFound),
    offer("proxy_remove_header_map_value", &[I32; 3], Answer::NotFound),
    offer("proxy_resume_downstream", &[], Answer::Unimplemented),
    offer("proxy_resume_upstream", &[], Answer::Unimplemented),
    offer("proxy_resume_http_request", &[], Answer::Unimplemented),
    offer("proxy_resume_http_response", &[], Answer::Unimplemented),
    offer("proxy_send_http_response", &[I32; 8], Answer::Unimplemented),
    offer("proxy_http_call", &[I32; 10], Answer::Panics),
    offer("proxy_dispatch_http_call", &[I32; 10], Answer::Panics),
    offer("proxy_open_grpc_stream", &[I32; 7], Answer::Unimplemented),
    offer("proxy_send_grpc_call_message", &[I32; 4], Answer::Unimplemented),
    offer("proxy_cancel_grpc_call", &[I32; 1], Answer::Unimplemented),
    offer("proxy_close_grpc_call", &[I32; 1], Answer::Unimplemented),
    offer("proxy_grpc_call", &[I32; 10], Answer::Unimplemented),
    offer("proxy_dispatch_grpc_call", &[I32; 10], Answer::Unimplemented),
    offer("proxy_define_metric", &[I32; 4], Answer::Unimplemented),
    offer("proxy_remove_metric", &[I32; 1], Answer::Unimplemented),
    offer("proxy_get_metric", &[I32; 2], Answer::Unimplemented),
    offer("proxy_increment_metric", &[I32, I64], Answer::Unimplemented),
    offer("proxy_record_metric", &[I32, I64], Answer::Unimplemented),
    offer("proxy_register_shared_queue", &[I32; 3], Answer::Works),
    offer("proxy_resolve_shared_queue", &[I32; 3], Answer::Works),
    offer("proxy_dequeue_shared_queue", &[I32; 3], Answer::Works),
    offer("proxy_enqueue_shared_queue", &[I32; 3], Answer::Works),
    offer("proxy_remove_shared_queue", &[I32; 1], Answer::Works),
    offer("proxy_get_shared_data", &[I32; 5], Answer::Works),
    offer("proxy_set_shared_data", &[I32; 5], Answer::Works),
    offer("proxy_call_foreign_function", &[I32; 6], Answer::Unimplemented),
];

/// The function of this name, if MOSN offers it.
pub fn offered(name: &str) -> Option<&'static Import> {
    OFFERED.iter().find(|import| import.name == name)
}

/// Functions that the proxy-wasm crate (0.2.5) imports and MOSN either lacks or types differently.
/// One of them in a module is the crate's signature: any reference to it drags some of them in.
pub const PROXY_WASM_CRATE: &[&str] = &[
    "proxy_get_status",
    "proxy_grpc_stream",
    "proxy_grpc_send",
    "proxy_grpc_cancel",
    "proxy_grpc_close",
    "proxy_grpc_call",
    "proxy_resolve_shared_queue",
    "proxy_continue_stream",
    "proxy_close_stream",
    "proxy_send_local_response",
    "proxy_get_log_level",
];

/// The module names under which MOSN's engines offer WASI.
pub const WASI_MODULES: [&str; 2] = ["wasi_snapshot_preview1", "wasi_unstable"];

/// The functions of WASI preview 1 that both engines offer.
#[rustfmt::skip]
pub const WASI: &[&str] = &[
    "args_get", "args_sizes_get", "clock_res_get", "clock_time_get", "environ_get",
    "environ_sizes_get", "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get",
    "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size",
    "fd_filestat_set_times", "fd_pread", "fd_prestat_dir_name", "fd_prestat_get", "fd_pwrite",
    "fd_read", "fd_readdir", "fd_renumber", "fd_seek", "fd_sync", "fd_tell", "fd_write",
    "path_create_directory", "path_filestat_get", "path_filestat_set_times", "path_link",
    "path_open", "path_readlink", "path_remove_directory", "path_rename", "path_symlink",
    "path_unlink_file", "poll_oneoff", "proc_exit", "proc_raise", "random_get", "sched_yield",
    "sock_recv", "sock_send", "sock_shutdown",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_host_offers_41_distinct_functions() {
        let names: BTreeSet<&str> = OFFERED.iter().map(|import| import.name).collect();
        assert_eq!(names.len(), 41);
        assert_eq!(OFFERED.len(), 41);
    }

    #[test]
    fn only_two_functions_take_a_64_bit_value() {
        let wide: Vec<&str> = OFFERED
            .iter()
            .filter(|import| import.params.contains(&I64))
            .map(|import| import.name)
            .collect();
        assert_eq!(wide, ["proxy_increment_metric", "proxy_record_metric"]);
    }

    #[test]
    fn the_three_functions_a_codec_needs_work() {
        for (name, params) in [
            ("proxy_log", 3),
            ("proxy_get_buffer_bytes", 5),
            ("proxy_set_buffer_bytes", 5),
        ] {
            let import = offered(name).expect(name);
            assert_eq!(import.answer, Answer::Works);
            assert_eq!(import.params.len(), params);
        }
    }
}
