//! Plugins at their hosts: calls, faults, memory, any bytes; in the models of the hosts, and with the feature `wasm` as
//! modules.

#[cfg(feature = "wasm")]
mod embedded_host;
mod envoy;
mod flows;
mod hazards;
mod memory;
mod proptest_bolt;
mod proxy;

use meshwire_tests::alloc::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;
