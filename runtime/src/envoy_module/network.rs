//! What Envoy calls of a network filter, and what that calls.
//!
//! The host calls all functions of one connection on one thread. Pointers that it passes are those that it was given before by
//! the functions here, or of its own object, which lives until `destroy` has returned.

use core::cell::Cell;
use core::ffi::c_void;
use std::sync::Arc;

use super::abi::{Buf, EnvoyLog, FilterTable, Logged, end, end_config, shared, start};
use super::config::{self, Shared};
use super::filter::{Direction, Filter, Host, METRICS, PANICS, Status};
use super::guard::{guard, load};
use crate::protocol::{Level, Log, Plugin};

/// What the connections of a configuration share.
#[derive(Debug)]
struct Shares<P: Plugin> {
    module: Shared<P>,
    table: FilterTable,
    log: EnvoyLog,
    /// The host's numbers of the metrics, as far as it has defined them.
    metrics: [Option<usize>; METRICS.len()],
}

/// One connection.
#[derive(Debug)]
struct Instance<P: Plugin> {
    shares: Arc<Shares<P>>,
    filter: Filter<P>,
    scheduler: *mut c_void,
    /// A call has panicked.
    broken: Cell<bool>,
}

impl<P: Plugin> Drop for Instance<P> {
    fn drop(&mut self) {
        // SAFETY: the host has made it for this connection.
        unsafe { (self.shares.table.scheduler_delete)(self.scheduler) }
    }
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
struct Envoy<'i, P: Plugin> {
    instance: &'i Instance<P>,
    filter: *mut c_void,
}

impl<P: Plugin> Log for Envoy<'_, P> {
    fn log(&self, level: Level, line: &str) {
        self.instance.shares.log.log(level, line);
    }
}

impl<P: Plugin> Host for Envoy<'_, P> {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn buffer(&self, of: Direction, see: &mut dyn FnMut(&[u8]), take: bool) {
        let table = &self.instance.shares.table;
        let (count, fill, drain) = match of {
            Direction::Read => (
                table.get_read_buffer_chunks_size,
                table.get_read_buffer_chunks,
                table.drain_read_buffer,
            ),
            Direction::Write => (
                table.get_write_buffer_chunks_size,
                table.get_write_buffer_chunks,
                table.drain_write_buffer,
            ),
        };
        // SAFETY: the filter is the host's own; it fills as many chunks as it has said.
        let chunks = unsafe {
            let mut chunks = vec![Buf::EMPTY; count(self.filter)];
            if !fill(self.filter, chunks.as_mut_ptr()) {
                chunks.clear();
            }
            chunks
        };
        let mut len = 0;
        for chunk in chunks {
            // SAFETY: the bytes stay until they are drained, which is after this.
            let bytes = unsafe { chunk.bytes() };
            len += bytes.len();
            see(bytes);
        }
        if take && len > 0 {
            // SAFETY: as above.
            unsafe { drain(self.filter, len) };
        }
    }

    fn append(&self, of: Direction, bytes: &[u8]) {
        let table = &self.instance.shares.table;
        let append = match of {
            Direction::Read => table.append_read_buffer,
            Direction::Write => table.append_write_buffer,
        };
        // SAFETY: the host copies the bytes before it returns.
        unsafe { append(self.filter, Buf::of(bytes)) };
    }

    fn inject(&self, of: Direction, bytes: &[u8]) {
        let table = &self.instance.shares.table;
        let inject = match of {
            Direction::Read => table.inject_read_data,
            Direction::Write => table.inject_write_data,
        };
        // SAFETY: the host copies the bytes before it returns.
        unsafe { inject(self.filter, Buf::of(bytes), false) };
    }

    fn read(&self, enabled: bool) {
        // SAFETY: the filter is the host's own.
        unsafe { (self.instance.shares.table.read_disable)(self.filter, !enabled) };
    }

    fn schedule(&self) {
        let Instance {
            shares, scheduler, ..
        } = self.instance;
        // SAFETY: the host has made the scheduler for this connection.
        unsafe { (shares.table.scheduler_commit)(*scheduler, 0) };
    }

    fn close(&self) {
        const FLUSH_WRITE: u32 = 0;
        // SAFETY: the filter is the host's own.
        unsafe { (self.instance.shares.table.close)(self.filter, FLUSH_WRITE) };
    }

    fn add(&self, metric: usize, count: u64) {
        let shares = &self.instance.shares;
        if let Some(id) = shares.metrics.get(metric).copied().flatten() {
            // SAFETY: the filter is the host's own, and so is the number.
            unsafe { (shares.table.increment_counter)(self.filter, id, count) };
        }
    }
}

/// `envoy_dynamic_module_on_network_filter_config_new`; null refuses the configuration.
///
/// # Safety
///
/// Called by the host with its own configuration, and with bytes that stay until this returns.
pub unsafe fn config_new<P: Plugin>(envoy: *mut c_void, name: Buf, config: Buf) -> *const c_void
where
    P::Root: Send + Sync,
{
    let log = EnvoyLog::of(P::NAME);
    let begin = || {
        let table = FilterTable::find().map_err(|missing| missing.to_string())?;
        // SAFETY: the caller's promise.
        let (name, config) = unsafe { (name.bytes(), config.bytes()) };
        let module = config::load::<P>(name, config, &log)?;
        let metrics = METRICS.map(|metric| {
            let name = format!("meshwire.{}.{metric}", P::NAME);
            let mut id = 0;
            // SAFETY: the configuration is the host's own, and it copies the name.
            let refused = unsafe {
                (table.config_define_counter)(envoy, Buf::of(name.as_bytes()), &raw mut id)
            };
            (refused == 0).then_some(id)
        });
        Ok(Shares {
            module,
            table,
            log,
            metrics,
        })
    };
    load(&log, "network filter", begin)
}

/// `envoy_dynamic_module_on_network_filter_config_destroy`.
///
/// # Safety
///
/// Called by the host once for each configuration of [`config_new`].
pub unsafe fn config_destroy<P: Plugin>(config: *const c_void) {
    // SAFETY: it is that of `config_new`.
    unsafe { end_config::<Shares<P>>(config) }
}

/// `envoy_dynamic_module_on_network_filter_new`.
///
/// # Safety
///
/// Called by the host with a configuration of [`config_new`] and with its own filter.
pub unsafe fn new<P: Plugin>(config: *const c_void, envoy: *mut c_void) -> *const c_void {
    // SAFETY: the host keeps the configuration until its connections are gone; this one keeps it too.
    let shares = unsafe { shared::<Shares<P>>(config) };
    let log = shares.log;
    let make = || {
        let filter = Filter::new(shares.module.clone());
        // SAFETY: the filter is the host's own.
        let scheduler = unsafe { (shares.table.scheduler_new)(envoy) };
        Instance {
            shares,
            filter,
            scheduler,
            broken: Cell::new(false),
        }
    };
    start(&log, "a new connection", make)
}

/// `envoy_dynamic_module_on_network_filter_destroy`.
///
/// # Safety
///
/// Called by the host once for each connection of [`new`].
pub unsafe fn destroy<P: Plugin>(instance: *const c_void) {
    // SAFETY: it is that of `new`.
    unsafe { end::<Instance<P>>(instance, "the end of a connection") }
}

/// Calls a filter; after a panic it is closed.
///
/// # Safety
///
/// `instance` is that of [`new`] and not destroyed, `envoy` the filter of the host that belongs to it.
unsafe fn enter<P: Plugin, T>(
    envoy: *mut c_void,
    instance: *const c_void,
    what: &str,
    otherwise: T,
    call: impl FnOnce(&Filter<P>, &dyn Host) -> T,
) -> T {
    // SAFETY: the caller's promise; there are shared references only.
    let instance = unsafe { &*instance.cast::<Instance<P>>() };
    if instance.broken.get() {
        return otherwise;
    }
    let host = Envoy {
        instance,
        filter: envoy,
    };
    let called = guard(
        &instance.shares.log,
        what,
        || Some(call(&instance.filter, &host)),
        || None,
    );
    called.unwrap_or_else(|| {
        instance.broken.set(true);
        host.add(PANICS, 1);
        host.schedule();
        otherwise
    })
}

const fn number(status: Status) -> u32 {
    match status {
        Status::Continue => 0,
        Status::Stop => 1,
    }
}

/// `envoy_dynamic_module_on_network_filter_new_connection`.
///
/// # Safety
///
/// As that of all functions for a connection: `instance` is that of [`new`] and not destroyed, `envoy` the filter of the
/// host that belongs to it.
pub unsafe fn new_connection<P: Plugin>(envoy: *mut c_void, instance: *const c_void) -> u32 {
    // SAFETY: the caller's promise.
    number(unsafe {
        enter::<P, _>(
            envoy,
            instance,
            "a new connection",
            Status::Stop,
            |filter, host| filter.opened(host),
        )
    })
}

/// `envoy_dynamic_module_on_network_filter_read`.
///
/// # Safety
///
/// That of [`new_connection`].
pub unsafe fn read<P: Plugin>(
    envoy: *mut c_void,
    instance: *const c_void,
    _len: usize,
    end: bool,
) -> u32 {
    // SAFETY: the caller's promise.
    number(unsafe {
        enter::<P, _>(envoy, instance, "a read", Status::Stop, |filter, host| {
            filter.read(host, end)
        })
    })
}

/// `envoy_dynamic_module_on_network_filter_write`.
///
/// # Safety
///
/// That of [`new_connection`].
pub unsafe fn write<P: Plugin>(
    envoy: *mut c_void,
    instance: *const c_void,
    _len: usize,
    end: bool,
) -> u32 {
    // SAFETY: the caller's promise.
    number(unsafe {
        enter::<P, _>(envoy, instance, "a write", Status::Stop, |filter, host| {
            filter.write(host, end)
        })
    })
}

/// `envoy_dynamic_module_on_network_filter_event`.
///
/// # Safety
///
/// That of [`new_connection`].
pub unsafe fn event<P: Plugin>(envoy: *mut c_void, instance: *const c_void, event: u32) {
    const REMOTE_CLOSE: u32 = 0;
    const LOCAL_CLOSE: u32 = 1;
    if !matches!(event, REMOTE_CLOSE | LOCAL_CLOSE) {
        return;
    }
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P, _>(envoy, instance, "a close", (), |filter, host| {
            filter.closed(host);
        });
    }
}

/// `envoy_dynamic_module_on_network_filter_scheduled`.
///
/// # Safety
///
/// That of [`new_connection`].
pub unsafe fn scheduled<P: Plugin>(envoy: *mut c_void, instance: *const c_void, _event: u64) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P, _>(envoy, instance, "an event", (), |filter, host| {
            filter.scheduled(host);
        });
        let instance = &*instance.cast::<Instance<P>>();
        if instance.broken.get() {
            const NO_FLUSH: u32 = 1;
            (instance.shares.table.close)(envoy, NO_FLUSH);
        }
    }
}

/// `envoy_dynamic_module_on_network_filter_above_write_buffer_high_watermark`, and with `full` false the one for the low one.
///
/// # Safety
///
/// That of [`new_connection`].
pub unsafe fn watermark<P: Plugin>(envoy: *mut c_void, instance: *const c_void, full: bool) {
    // SAFETY: the caller's promise.
    unsafe {
        enter::<P, _>(envoy, instance, "a watermark", (), |filter, host| {
            filter.is_full(host, full);
        });
    }
}
