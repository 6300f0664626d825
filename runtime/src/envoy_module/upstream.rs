//! What Envoy calls of a bridge from HTTP to TCP, and what that calls.
//!
//! The host calls all functions of one request on one thread. Pointers that it passes are those that it was given before by the
//! functions here, or of its own object, which lives until `destroy` has returned.

use core::cell::Cell;
use core::ffi::c_void;
use std::sync::Arc;

use super::abi::{BridgeTable, Buf, EnvoyLog, Header, Logged, end, end_config, shared, start};
use super::bridge::{Bridge, Host};
use super::config::{self, Shared};
use super::guard::{guard, load};
use crate::protocol::{Level, Log, Plugin};

/// What the requests of a configuration share.
#[derive(Debug)]
struct Shares<P: Plugin> {
    module: Shared<P>,
    table: BridgeTable,
    log: EnvoyLog,
}

/// One request.
#[derive(Debug)]
struct Instance<P: Plugin> {
    shares: Arc<Shares<P>>,
    bridge: Bridge<P>,
    /// The request is answered.
    replied: Cell<bool>,
    /// A call has panicked.
    broken: Cell<bool>,
}

impl<P: Plugin> Logged for Shares<P> {
    fn log(&self) -> EnvoyLog {
        self.log
    }
}

impl<P: Plugin> Logged for Instance<P> {
    fn log(&self) -> EnvoyLog {
        self.shares.log
    }
}

/// The host during one of its calls.
struct Envoy<'i> {
    table: &'i BridgeTable,
    log: EnvoyLog,
    replied: &'i Cell<bool>,
    bridge: *mut c_void,
}

impl Log for Envoy<'_> {
    fn log(&self, level: Level, line: &str) {
        self.log.log(level, line);
    }
}

type Count = unsafe extern "C" fn(*mut c_void) -> usize;
type Fill = unsafe extern "C" fn(*mut c_void, *mut Buf, *mut usize);

impl Envoy<'_> {
    fn chunks(&self, count: Count, fill: Fill, see: &mut dyn FnMut(&[u8])) {
        // SAFETY: the bridge is the host's own; it fills as many chunks as it has said.
        let chunks = unsafe {
            let mut chunks = vec![Buf::EMPTY; count(self.bridge)];
            let mut filled = 0;
            fill(self.bridge, chunks.as_mut_ptr(), &raw mut filled);
            chunks.truncate(filled);
            chunks
        };
        for chunk in chunks {
            // SAFETY: the bytes stay for as long as the host's call.
            see(unsafe { chunk.bytes() });
        }
    }
}

impl Host for Envoy<'_> {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn header(&self, name: &str) -> Option<Vec<u8>> {
        let (mut value, mut count) = (Buf::EMPTY, 0);
        // SAFETY: the host writes both; the value stays for as long as its call.
        unsafe {
            let find = self.table.get_request_header;
            let name = Buf::of(name.as_bytes());
            let is_there = find(self.bridge, name, &raw mut value, 0, &raw mut count);
            is_there.then(|| value.bytes().to_vec())
        }
    }

    fn request(&self, see: &mut dyn FnMut(&[u8])) {
        let table = self.table;
        self.chunks(
            table.get_request_buffer_chunks_size,
            table.get_request_buffer,
            see,
        );
    }

    fn response(&self, see: &mut dyn FnMut(&[u8])) {
        let table = self.table;
        self.chunks(
            table.get_response_buffer_chunks_size,
            table.get_response_buffer,
            see,
        );
    }

    fn send(&self, bytes: &[u8]) {
        // An end would keep the connection from being used again.
        // SAFETY: the host copies the bytes before it returns.
        unsafe { (self.table.send_upstream_data)(self.bridge, Buf::of(bytes), false) };
    }

    fn reply(&self, status: u32, headers: &[(&str, &str)], body: &[u8]) {
        if self.replied.replace(true) {
            return;
        }
        let mut list: Vec<Header> = headers
            .iter()
            .map(|(key, value)| Header::of(key, value))
            .collect();
        let end = body.is_empty();
        // SAFETY: the host copies headers and body before it returns, and its object lives until `destroy`, which it calls
        // later where this ends the request.
        unsafe {
            (self.table.send_response_headers)(
                self.bridge,
                status,
                list.as_mut_ptr(),
                list.len(),
                end,
            );
            if !end {
                (self.table.send_response_data)(self.bridge, Buf::of(body), true);
            }
        }
    }
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_config_new`; null refuses the configuration.
///
/// # Safety
///
/// Called by the host with bytes that stay until this returns.
pub unsafe fn config_new<P: Plugin>(name: Buf, config: Buf) -> *const c_void
where
    P::Root: Send + Sync,
{
    let log = EnvoyLog::of(P::NAME);
    let begin = || {
        let table = BridgeTable::find().map_err(|missing| missing.to_string())?;
        // SAFETY: the caller's promise.
        let (name, config) = unsafe { (name.bytes(), config.bytes()) };
        let module = config::load::<P>(name, config, &log)?;
        Ok(Shares { module, table, log })
    };
    load(&log, "bridge", begin)
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_config_destroy`.
///
/// # Safety
///
/// Called by the host once for each configuration of [`config_new`].
pub unsafe fn config_destroy<P: Plugin>(config: *const c_void) {
    // SAFETY: it is that of `config_new`.
    unsafe { end_config::<Shares<P>>(config) }
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_new`.
///
/// # Safety
///
/// Called by the host with a configuration of [`config_new`].
pub unsafe fn new<P: Plugin>(config: *const c_void) -> *const c_void {
    // SAFETY: the host keeps the configuration until its requests are over; this one keeps it too.
    let shares = unsafe { shared::<Shares<P>>(config) };
    let log = shares.log;
    let make = || Instance {
        bridge: Bridge::<P>::new(shares.module.clone()),
        shares,
        replied: Cell::new(false),
        broken: Cell::new(false),
    };
    start(&log, "a new request", make)
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_destroy`.
///
/// # Safety
///
/// Called by the host once for each request of [`new`].
pub unsafe fn destroy<P: Plugin>(instance: *const c_void) {
    // SAFETY: it is that of `new`.
    unsafe { end::<Instance<P>>(instance, "the end of a request") }
}

/// Calls a bridge; after a panic the request is answered with 500.
///
/// # Safety
///
/// `instance` is that of [`new`] and not destroyed, `envoy` the bridge of the host that belongs to it.
unsafe fn enter<P: Plugin>(
    envoy: *mut c_void,
    instance: *const c_void,
    what: &str,
    call: impl FnOnce(&Bridge<P>, &dyn Host),
) {
    // SAFETY: the caller's promise; there are shared references only.
    let Instance {
        shares,
        bridge,
        replied,
        broken,
    } = unsafe { &*instance.cast::<Instance<P>>() };
    if broken.get() {
        return;
    }
    let host = Envoy {
        table: &shares.table,
        log: shares.log,
        replied,
        bridge: envoy,
    };
    guard(
        &shares.log,
        what,
        || call(bridge, &host),
        || {
            broken.set(true);
            host.reply(500, &[], &[]);
        },
    );
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_headers`.
///
/// # Safety
///
/// `instance` is that of [`new`] and not destroyed, `envoy` the bridge of the host that belongs to it.
pub unsafe fn headers<P: Plugin>(envoy: *mut c_void, instance: *const c_void, end: bool) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P>(envoy, instance, "a request", |bridge, host| {
            bridge.headers(host, end);
        });
    }
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_data`.
///
/// # Safety
///
/// That of [`headers`].
pub unsafe fn data<P: Plugin>(envoy: *mut c_void, instance: *const c_void, end: bool) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P>(envoy, instance, "a body", |bridge, host| {
            bridge.data(host, end);
        });
    };
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_trailers`.
///
/// # Safety
///
/// That of [`headers`].
pub unsafe fn trailers<P: Plugin>(envoy: *mut c_void, instance: *const c_void) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P>(envoy, instance, "trailers", |bridge, host| {
            bridge.trailers(host);
        });
    };
}

/// `envoy_dynamic_module_on_upstream_http_tcp_bridge_on_upstream_data`.
///
/// # Safety
///
/// That of [`headers`].
pub unsafe fn response<P: Plugin>(envoy: *mut c_void, instance: *const c_void) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P>(envoy, instance, "an answer", |bridge, host| {
            bridge.response(host);
        });
    };
}
