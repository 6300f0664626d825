//! The filter in Envoy: contexts of the `proxy-wasm` crate, and the host's calls.
//!
//! The crate's wrappers panic at statuses that they do not expect, and a panic ends the virtual machine
//! with every connection of its thread. So only calls are used that the host never answers so.

use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, RootContext, StreamContext};
use proxy_wasm::types::{Action as Answer, BufferType, ContextType, LogLevel, MetricType};

use super::{Action, Config, Connection, Filter, Host, Side, filter_state};
use crate::protocol::{Level, Log, Plugin};

/// Smaller and faster than the standard library's.
#[cfg(feature = "talc")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// How late the host's counters may be.
const FLUSH: Duration = Duration::from_millis(250);

/// Registers the root context. To be called once, before anything else.
pub fn start<P: Plugin>() {
    proxy_wasm::set_root_context(|_| Box::new(Root::<P>(None)));
}

/// The filter as configured; the host makes one for each of its threads.
struct Root<P: Plugin>(Option<Rc<Filter<P>>>);

impl<P: Plugin> Context for Root<P> {
    fn on_done(&mut self) -> bool {
        self.on_tick();
        true
    }
}

impl<P: Plugin> RootContext for Root<P> {
    fn on_configure(&mut self, size: usize) -> bool {
        let text = fetch(BufferType::PluginConfiguration, 0, size);
        let filter = Config::parse(&text).and_then(|config| Filter::new(config, &Envoy));
        match filter {
            Ok(filter) => {
                self.0 = Some(Rc::new(filter));
                // The host has timers and answers OK.
                _ = hostcalls::set_tick_period(FLUSH);
                true
            }
            Err(refusal) => {
                Envoy.log(Level::Error, &refusal.to_string());
                false
            }
        }
    }

    fn on_tick(&mut self) {
        if let Some(filter) = &self.0 {
            filter.flush(&Envoy);
        }
    }

    fn create_stream_context(&self, _: u32) -> Option<Box<dyn StreamContext>> {
        // The host makes none for a filter whose configuration was refused.
        let filter = self.0.as_ref()?;
        Some(Box::new(Stream(Connection::new(Rc::clone(filter)))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::StreamContext)
    }
}

/// One connection of a client.
struct Stream<P: Plugin>(Connection<P>);

impl<P: Plugin> Context for Stream<P> {
    fn on_done(&mut self) -> bool {
        self.0.ended();
        true
    }
}

impl<P: Plugin> StreamContext for Stream<P> {
    fn on_new_connection(&mut self) -> Answer {
        answer(self.0.opened())
    }

    fn on_downstream_data(&mut self, size: usize, last: bool) -> Answer {
        answer(self.0.data(&Envoy, Side::Downstream, size, last))
    }

    fn on_upstream_data(&mut self, size: usize, last: bool) -> Answer {
        answer(self.0.data(&Envoy, Side::Upstream, size, last))
    }
}

fn answer(action: Action) -> Answer {
    match action {
        Action::Pass => Answer::Continue,
        Action::Hold => Answer::Pause,
        Action::Close => {
            // The host has a client here and answers OK.
            _ = hostcalls::close_downstream();
            Answer::Pause
        }
    }
}

/// The host's buffer for those who send.
fn buffer(side: Side) -> BufferType {
    match side {
        Side::Downstream => BufferType::DownstreamData,
        Side::Upstream => BufferType::UpstreamData,
    }
}

/// Bytes of a buffer of the host; empty if it has no such buffer.
fn fetch(buffer: BufferType, at: usize, size: usize) -> Vec<u8> {
    if size == 0 {
        return Vec::new();
    }
    let bytes = hostcalls::get_buffer(buffer, at, size);
    bytes.ok().flatten().unwrap_or_default()
}

/// The host's calls.
struct Envoy;

impl Log for Envoy {
    fn log(&self, level: Level, line: &str) {
        let level = match level {
            Level::Trace => LogLevel::Trace,
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        // A line that is lost must not cost a connection.
        _ = hostcalls::log(level, line);
    }
}

impl Host for Envoy {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn now(&self) -> u64 {
        let now = hostcalls::get_current_time().ok();
        let since = now.and_then(|now| now.duration_since(UNIX_EPOCH).ok());
        since
            .and_then(|since| u64::try_from(since.as_nanos()).ok())
            .unwrap_or_default()
    }

    fn counter(&self, name: &str) -> Option<u32> {
        hostcalls::define_metric(MetricType::Counter, name).ok()
    }

    fn histogram(&self, name: &str) -> Option<u32> {
        hostcalls::define_metric(MetricType::Histogram, name).ok()
    }

    fn add(&self, metric: u32, count: u64) {
        if let Ok(count) = i64::try_from(count) {
            _ = hostcalls::increment_metric(metric, count);
        }
    }

    fn record(&self, metric: u32, value: u64) {
        _ = hostcalls::record_metric(metric, value);
    }

    fn data(&self, side: Side, at: usize, count: usize) -> Vec<u8> {
        fetch(buffer(side), at, count)
    }

    fn replace(&self, side: Side, available: usize, bytes: &[u8]) -> bool {
        hostcalls::set_buffer(buffer(side), 0, available, bytes).is_ok()
    }

    fn route(&self, cluster: &str) -> bool {
        let state = filter_state::cluster(cluster);
        hostcalls::call_foreign_function(filter_state::FUNCTION, Some(&state)).is_ok()
    }
}
