//! What Envoy calls of an upstream transport socket, and what that calls.
//!
//! The host calls all functions of one connection on one thread. Pointers that it passes are those that it was given before by
//! the functions here, or of its own object, which lives until `destroy` has returned.

use core::cell::Cell;
use core::ffi::c_void;
use std::sync::Arc;

use super::abi::{Buf, EnvoyLog, IoResult, Logged, SocketTable, end, end_config, shared, start};
use super::config::{self, Shared};
use super::guard::{guard, load};
use super::socket::{Host, Io, Outcome, Socket};
use crate::protocol::{Level, Log, Plugin};

/// What the connections of a configuration share.
#[derive(Debug)]
struct Shares<P: Plugin> {
    module: Shared<P>,
    table: SocketTable,
    log: EnvoyLog,
}

/// One connection.
#[derive(Debug)]
struct Instance<P: Plugin> {
    shares: Arc<Shares<P>>,
    socket: Socket<P>,
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
    table: &'i SocketTable,
    log: EnvoyLog,
    socket: *mut c_void,
}

impl Log for Envoy<'_> {
    fn log(&self, level: Level, line: &str) {
        self.log.log(level, line);
    }
}

/// What a number of the host means.
const fn io(status: u32, len: usize) -> Io {
    match status {
        0 => Io::Done(len),
        1 => Io::Again,
        _ => Io::Failed,
    }
}

impl Host for Envoy<'_> {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn receive(&self, into: &mut [u8]) -> Io {
        let mut len = 0;
        // SAFETY: the host writes as many bytes as there is room for.
        let status = unsafe {
            (self.table.io_read)(self.socket, into.as_mut_ptr(), into.len(), &raw mut len)
        };
        io(status, len)
    }

    fn send(&self, bytes: &[u8]) -> Io {
        let mut len = 0;
        // SAFETY: the host reads so many bytes before it returns.
        let status = unsafe {
            (self.table.io_write)(self.socket, bytes.as_ptr(), bytes.len(), &raw mut len)
        };
        io(status, len)
    }

    fn shut_down(&self) {
        // SAFETY: the socket is the host's own.
        unsafe { (self.table.io_shutdown_write)(self.socket) };
    }

    fn deliver(&self, bytes: &[u8]) {
        // SAFETY: the host copies the bytes before it returns.
        unsafe { (self.table.read_buffer_add)(self.socket, bytes.as_ptr(), bytes.len()) };
    }

    fn written(&self, see: &mut dyn FnMut(&[u8])) {
        let slices = self.table.write_buffer_get_slices;
        // SAFETY: the host says how many slices there are, and fills so many.
        let chunks = unsafe {
            let mut count = 0;
            slices(self.socket, core::ptr::null_mut(), &raw mut count);
            let mut chunks = vec![Buf::EMPTY; count];
            slices(self.socket, chunks.as_mut_ptr(), &raw mut count);
            chunks.truncate(count);
            chunks
        };
        for chunk in chunks {
            // SAFETY: the bytes stay until they are drained, which is after this.
            see(unsafe { chunk.bytes() });
        }
    }

    fn drain(&self, bytes: usize) {
        // SAFETY: the socket is the host's own.
        unsafe { (self.table.write_buffer_drain)(self.socket, bytes) };
    }

    fn is_sated(&self) -> bool {
        // SAFETY: the socket is the host's own.
        unsafe { (self.table.should_drain_read_buffer)(self.socket) }
    }

    fn wake(&self) {
        // SAFETY: the socket is the host's own.
        unsafe { (self.table.set_is_readable)(self.socket) };
    }
}

/// `envoy_dynamic_module_on_transport_socket_factory_config_new`; null refuses the configuration.
///
/// # Safety
///
/// Called by the host with bytes that stay until this returns.
pub unsafe fn config_new<P: Plugin>(name: Buf, config: Buf, is_upstream: bool) -> *const c_void
where
    P::Root: Send + Sync,
{
    let log = EnvoyLog::of(P::NAME);
    let begin = || {
        if !is_upstream {
            return Err("it is for clusters: listeners have the network filter".to_owned());
        }
        let table = SocketTable::find().map_err(|missing| missing.to_string())?;
        // SAFETY: the caller's promise.
        let (name, config) = unsafe { (name.bytes(), config.bytes()) };
        let module = config::load::<P>(name, config, &log)?;
        Ok(Shares { module, table, log })
    };
    load(&log, "transport socket", begin)
}

/// `envoy_dynamic_module_on_transport_socket_factory_config_destroy`.
///
/// # Safety
///
/// Called by the host once for each configuration of [`config_new`].
pub unsafe fn config_destroy<P: Plugin>(config: *const c_void) {
    // SAFETY: it is that of `config_new`.
    unsafe { end_config::<Shares<P>>(config) }
}

/// `envoy_dynamic_module_on_transport_socket_new`.
///
/// # Safety
///
/// Called by the host with a configuration of [`config_new`].
pub unsafe fn new<P: Plugin>(config: *const c_void) -> *const c_void {
    // SAFETY: the host keeps the configuration until its connections are gone; this one keeps it too.
    let shares = unsafe { shared::<Shares<P>>(config) };
    let log = shares.log;
    let make = || Instance {
        socket: Socket::<P>::new(shares.module.clone()),
        shares,
        broken: Cell::new(false),
    };
    start(&log, "a new connection", make)
}

/// `envoy_dynamic_module_on_transport_socket_destroy`.
///
/// # Safety
///
/// Called by the host once for each connection of [`new`].
pub unsafe fn destroy<P: Plugin>(instance: *const c_void) {
    // SAFETY: it is that of `new`.
    unsafe { end::<Instance<P>>(instance, "the end of a connection") }
}

/// Calls a socket; after a panic it is closed.
///
/// # Safety
///
/// `instance` is that of [`new`] and not destroyed, `envoy` the socket of the host that belongs to it.
unsafe fn enter<P: Plugin>(
    envoy: *mut c_void,
    instance: *const c_void,
    what: &str,
    call: impl FnOnce(&Socket<P>, &dyn Host) -> Outcome,
) -> IoResult {
    const CLOSED: IoResult = IoResult {
        action: 1,
        bytes: 0,
        end: false,
    };
    // SAFETY: the caller's promise; there are shared references only.
    let Instance {
        shares,
        socket,
        broken,
    } = unsafe { &*instance.cast::<Instance<P>>() };
    if broken.get() {
        return CLOSED;
    }
    let host = Envoy {
        table: &shares.table,
        log: shares.log,
        socket: envoy,
    };
    let called = || {
        let outcome = call(socket, &host);
        IoResult {
            action: u32::from(outcome.close),
            bytes: outcome.bytes as u64,
            end: outcome.end,
        }
    };
    guard(&shares.log, what, called, || {
        broken.set(true);
        CLOSED
    })
}

/// `envoy_dynamic_module_on_transport_socket_on_connected`.
///
/// # Safety
///
/// `instance` is that of [`new`] and not destroyed, `envoy` the socket of the host that belongs to it.
pub unsafe fn connected<P: Plugin>(envoy: *mut c_void, instance: *const c_void) {
    const CONNECTED: u32 = 2;
    // SAFETY: the caller's promise. Nothing is borrowed while the host goes on.
    unsafe {
        let instance = &*instance.cast::<Instance<P>>();
        (instance.shares.table.raise_event)(envoy, CONNECTED);
    }
}

/// `envoy_dynamic_module_on_transport_socket_do_read`.
///
/// # Safety
///
/// That of [`connected`].
pub unsafe fn read<P: Plugin>(envoy: *mut c_void, instance: *const c_void) -> IoResult {
    // SAFETY: the caller's promise.
    unsafe { enter::<P>(envoy, instance, "a read", |socket, host| socket.read(host)) }
}

/// `envoy_dynamic_module_on_transport_socket_do_write`.
///
/// # Safety
///
/// That of [`connected`].
pub unsafe fn write<P: Plugin>(envoy: *mut c_void, instance: *const c_void, end: bool) -> IoResult {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P>(envoy, instance, "a write", |socket, host| {
            socket.write(host, end)
        })
    }
}

/// `envoy_dynamic_module_on_transport_socket_get_protocol`: what TLS would have agreed on.
///
/// # Safety
///
/// `out` is the host's, and can be written.
pub unsafe fn protocol(out: *mut Buf) {
    // SAFETY: the caller's promise; the bytes are static.
    unsafe { out.write(Buf::of(b"h2")) };
}

/// `envoy_dynamic_module_on_transport_socket_get_failure_reason`: the log has it.
///
/// # Safety
///
/// `out` is the host's, and can be written.
pub unsafe fn failure_reason(out: *mut Buf) {
    // SAFETY: the caller's promise.
    unsafe { out.write(Buf::EMPTY) };
}
