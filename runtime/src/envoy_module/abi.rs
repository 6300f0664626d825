//! The C interface of Envoy's dynamic modules, as far as it is used.
//!
//! Source: `source/extensions/dynamic_modules/abi/abi.h` of `envoyproxy/envoy`, versions 1.39 and 1.40. Functions of the host
//! are looked up when a configuration is loaded: linked, one that is missing would keep the whole library from loading, and
//! looked up at the first call, it would end the process.

use core::ffi::{CStr, c_char, c_void};
use core::fmt;
use std::sync::Arc;

use super::guard::guard;
use crate::protocol::{Level, Log};

/// The version of the interface that a module is written for, as its first function says to the host.
pub const VERSION: &CStr = c"v0.2.0";

/// Bytes of whoever passes them on.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Buf {
    ptr: *const u8,
    len: usize,
}

impl Buf {
    pub(super) const EMPTY: Self = Self {
        ptr: core::ptr::null(),
        len: 0,
    };

    pub(super) const fn of(bytes: &[u8]) -> Self {
        Self {
            ptr: bytes.as_ptr(),
            len: bytes.len(),
        }
    }

    /// # Safety
    ///
    /// The bytes are there for as long as `'b`, and nobody changes them.
    pub(super) const unsafe fn bytes<'b>(self) -> &'b [u8] {
        if self.ptr.is_null() || self.len == 0 {
            return &[];
        }
        // SAFETY: the caller's promise.
        unsafe { core::slice::from_raw_parts(self.ptr, self.len) }
    }
}

/// A header of an answer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    key: Buf,
    value: Buf,
}

impl Header {
    pub(super) const fn of(key: &str, value: &str) -> Self {
        Self {
            key: Buf::of(key.as_bytes()),
            value: Buf::of(value.as_bytes()),
        }
    }
}

/// What a transport socket has read or written.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IoResult {
    /// 0 keeps the connection, 1 closes it.
    pub(super) action: u32,
    pub(super) bytes: u64,
    pub(super) end: bool,
}

/// A function that the host does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    symbol: &'static str,
    since: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { symbol, since } = self;
        write!(
            f,
            "this Envoy has no function `{symbol}`, which Envoy {since} and later have"
        )
    }
}

/// Where a function of the process is; null if there is none.
fn find(symbol: &CStr) -> *mut c_void {
    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }
    // `RTLD_DEFAULT` of each system: all that the process has loaded.
    let all = if cfg!(target_os = "macos") {
        core::ptr::without_provenance_mut(usize::MAX - 1)
    } else {
        core::ptr::null_mut()
    };
    // SAFETY: POSIX; the name ends with a zero.
    unsafe { dlsym(all, symbol.as_ptr()) }
}

/// Where the function is whose name is `symbol`, without the zero at its end.
fn address(
    symbol: &'static str,
    since: &'static str,
    find: impl Fn(&CStr) -> *mut c_void,
) -> Result<*mut c_void, Missing> {
    let found = CStr::from_bytes_with_nul(symbol.as_bytes()).map(find).ok();
    let symbol = symbol.trim_end_matches('\0');
    found
        .filter(|address| !address.is_null())
        .ok_or(Missing { symbol, since })
}

/// A table of functions of the host, whose names begin alike.
macro_rules! functions {
    (
        $(#[$doc:meta])* $table:ident, $prefix:literal, since $since:literal;
        $($name:ident ($($arg:ty),*) $(-> $ret:ty)?;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $table {
            $(pub(super) $name: unsafe extern "C" fn($($arg),*) $(-> $ret)?,)*
        }

        impl $table {
            /// Looks all of them up.
            pub(super) fn find() -> Result<Self, Missing> {
                Self::find_by(find)
            }

            fn find_by(find: impl Fn(&CStr) -> *mut c_void) -> Result<Self, Missing> {
                Ok(Self {
                    $($name: {
                        const SYMBOL: &str = concat!(
                            "envoy_dynamic_module_callback_", $prefix, stringify!($name), "\0"
                        );
                        let address = address(SYMBOL, $since, &find)?;
                        // SAFETY: the host's function of this name has this type.
                        unsafe {
                            core::mem::transmute::<
                                *mut c_void,
                                unsafe extern "C" fn($($arg),*) $(-> $ret)?,
                            >(address)
                        }
                    },)*
                })
            }
        }
    };
}

type Envoy = *mut c_void;

functions! {
    /// The host's log.
    LogTable, "", since "1.37";
    log(u32, Buf);
    log_enabled(u32) -> bool;
}

functions! {
    /// What network filters call.
    FilterTable, "network_filter_", since "1.38";
    config_define_counter(Envoy, Buf, *mut usize) -> u32;
    increment_counter(Envoy, usize, u64) -> u32;
    get_read_buffer_chunks_size(Envoy) -> usize;
    get_read_buffer_chunks(Envoy, *mut Buf) -> bool;
    drain_read_buffer(Envoy, usize) -> bool;
    append_read_buffer(Envoy, Buf) -> bool;
    get_write_buffer_chunks_size(Envoy) -> usize;
    get_write_buffer_chunks(Envoy, *mut Buf) -> bool;
    drain_write_buffer(Envoy, usize) -> bool;
    append_write_buffer(Envoy, Buf) -> bool;
    inject_read_data(Envoy, Buf, bool);
    inject_write_data(Envoy, Buf, bool);
    read_disable(Envoy, bool) -> u32;
    close(Envoy, u32);
    scheduler_new(Envoy) -> *mut c_void;
    scheduler_commit(*mut c_void, u64);
    scheduler_delete(*mut c_void);
}

functions! {
    /// What transport sockets call.
    SocketTable, "transport_socket_", since "1.39";
    io_read(Envoy, *mut u8, usize, *mut usize) -> u32;
    io_write(Envoy, *const u8, usize, *mut usize) -> u32;
    io_shutdown_write(Envoy);
    read_buffer_add(Envoy, *const u8, usize);
    write_buffer_get_slices(Envoy, *mut Buf, *mut usize);
    write_buffer_drain(Envoy, usize);
    should_drain_read_buffer(Envoy) -> bool;
    set_is_readable(Envoy);
    raise_event(Envoy, u32);
}

functions! {
    /// What bridges from HTTP to TCP call.
    BridgeTable, "upstream_http_tcp_bridge_", since "1.38";
    get_request_header(Envoy, Buf, *mut Buf, usize, *mut usize) -> bool;
    get_request_buffer_chunks_size(Envoy) -> usize;
    get_request_buffer(Envoy, *mut Buf, *mut usize);
    get_response_buffer_chunks_size(Envoy) -> usize;
    get_response_buffer(Envoy, *mut Buf, *mut usize);
    send_upstream_data(Envoy, Buf, bool);
    send_response_headers(Envoy, u32, *mut Header, usize, bool);
    send_response_data(Envoy, Buf, bool);
}

/// The host's log, for the lines of one protocol.
#[derive(Clone, Copy, Debug)]
pub(super) struct EnvoyLog {
    table: Option<LogTable>,
    protocol: &'static str,
}

impl EnvoyLog {
    pub(super) fn of(protocol: &'static str) -> Self {
        Self {
            table: LogTable::find().ok(),
            protocol,
        }
    }
}

impl Log for EnvoyLog {
    fn log(&self, level: Level, line: &str) {
        let line = format!("{} {line}", self.protocol);
        let Some(table) = &self.table else {
            return eprintln!("{line}");
        };
        let level = match level {
            Level::Trace => 0,
            Level::Debug => 1,
            Level::Info => 2,
            Level::Warn => 3,
            Level::Error => 4,
        };
        // SAFETY: the host copies the line before it returns.
        unsafe {
            if (table.log_enabled)(level) {
                (table.log)(level, Buf::of(line.as_bytes()));
            }
        }
    }
}

/// What the host holds by its address, and logs its own end.
pub(super) trait Logged {
    /// Its log, which outlives it.
    fn log(&self) -> EnvoyLog;
}

/// A configuration of [`load`](super::guard::load) for one more user of it.
///
/// # Safety
///
/// `config` is one of [`load`](super::guard::load) with this type, and was not [ended](end_config).
pub(super) unsafe fn shared<S>(config: *const c_void) -> Arc<S> {
    let config = config.cast::<S>();
    // SAFETY: the caller's promise; the count that is added is the one that is taken.
    unsafe {
        Arc::increment_strong_count(config);
        Arc::from_raw(config)
    }
}

/// Takes a configuration of [`load`](super::guard::load) back from the host.
///
/// # Safety
///
/// That of [`shared`]; it is called once.
pub(super) unsafe fn end_config<S: Logged>(config: *const c_void) {
    // SAFETY: the caller's promise.
    let config = unsafe { Arc::from_raw(config.cast::<S>()) };
    let log = config.log();
    guard(&log, "the end", || drop(config), || ());
}

/// Makes what the host gets by its address; null after a panic.
pub(super) fn start<I>(log: &dyn Log, what: &str, make: impl FnOnce() -> I) -> *const c_void {
    let make = || Box::into_raw(Box::new(make())).cast_const().cast();
    guard(log, what, make, core::ptr::null)
}

/// Takes what [`start`] has made back from the host.
///
/// # Safety
///
/// `instance` is one of [`start`] with this type; it is called once.
pub(super) unsafe fn end<I: Logged>(instance: *const c_void, what: &str) {
    // SAFETY: the caller's promise.
    let instance = unsafe { Box::from_raw(instance.cast::<I>().cast_mut()) };
    let log = instance.log();
    guard(&log, what, || drop(instance), || ());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_missing_function_is_named() {
        let missing = SocketTable::find_by(|symbol| {
            let is_there = !symbol.to_bytes().ends_with(b"io_shutdown_write");
            core::ptr::without_provenance_mut(usize::from(is_there))
        });
        assert_eq!(
            missing.unwrap_err().to_string(),
            "this Envoy has no function `envoy_dynamic_module_callback_transport_socket_io_shutdown_write`, which Envoy \
             1.39 and later have"
        );
        // This is no Envoy.
        assert!(FilterTable::find().is_err() && LogTable::find().is_err());
        EnvoyLog::of("x-acme").log(Level::Info, "goes to the standard error");
    }
}
