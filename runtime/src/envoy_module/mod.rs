//! Envoy, call by call: a shared library that the unchanged Envoy loads as a dynamic module.
//!
//! ```text
//! client ─▶ network filter ─▶ HTTP connection manager … HTTP/2 pool ─▶ transport socket ─▶ server
//!                                                   … or HTTP/TCP bridge ─▶ (TLS) ─▶ server
//! ```
//!
//! Three extensions of Envoy are in the library, and each is three layers here:
//!
//! | extension | adaptor: safe, native, tested on a host in memory | exported functions: the only `unsafe` |
//! | --- | --- | --- |
//! | network filter | [`filter`]: an [`Engine::down`](crate::percall::Engine::down) in front of Envoy's HTTP connection manager | `network` |
//! | upstream transport socket | [`socket`]: an [`Engine::up`](crate::percall::Engine::up) under Envoy's HTTP/2 connection pool | `transport` |
//! | HTTP/TCP bridge | [`bridge`]: an [`Exchange`](crate::percall::Exchange) in the place of a connection pool's codec | `upstream` |
//!
//! `abi` has the C types, and looks the host's functions up. `config` reads what operators write. The functions themselves are
//! exported from the crate of the protocol, by `#[protocol]`, where the compiler gets `--cfg meshwire_host="envoy-module"`.
//!
//! Rules that all of it follows:
//!
//! - **Nothing calls back into the host's filters from within one of its calls.** Bytes for the side that is not at work wait
//!   for an event of their own, `scheduled` or the next read. Nothing is borrowed while the host may call again.
//! - **A panic ends one connection.** Each exported function catches it, logs a line, and the connection is closed.
//! - **What the host lacks is found when its configuration is loaded**, not at the first call.
//! - **What has been taken off the host's buffers is bounded here**, by the windows and limits of the engines: the host does
//!   not see it. Reading stops where they say so.

mod abi;
pub mod bridge;
mod config;
pub mod filter;
mod guard;
#[doc(hidden)]
pub mod network;
#[cfg(meshwire_host = "envoy-module")]
mod shims;
pub mod socket;
#[cfg(test)]
mod tests;
#[doc(hidden)]
pub mod transport;
#[doc(hidden)]
pub mod upstream;

pub use crate::host_config::Refusal;
#[doc(hidden)]
pub use abi::{Buf, IoResult, VERSION};
pub use config::{Config, Shared};
#[doc(hidden)]
pub use core::ffi::{c_char, c_void};

use crate::protocol::{Options, PoolMode};

/// Has a static in the library that only tools read.
#[doc(hidden)]
pub fn keep(description: &'static [u8]) {
    core::hint::black_box(description);
}

/// Why a protocol cannot be translated call by call; `None` if it can. What is shared between connections has no order, and
/// no side but the client's may ask.
pub const fn unfit<P: Options>() -> Option<&'static str> {
    match P::POOL {
        PoolMode::Multiplex if !P::RESPONSE && !P::BY_SIDE => {
            Some("no frame of the protocol is a response")
        }
        PoolMode::Multiplex => None,
        PoolMode::PingPong => Some(
            "its calls are answered in their order (`pool = ping_pong`), and streams of HTTP/2 have none",
        ),
        PoolMode::Tcp => Some(
            "its connections have a state, or its servers call too (`pool = tcp`): calls of a connection cannot go to several servers",
        ),
    }
}

/// Stops the compiler at a protocol that cannot.
///
/// # Panics
/// With the reason.
#[doc(hidden)]
pub const fn fit<P: Options>() {
    if let Some(why) = unfit::<P>() {
        panic!("{}", why);
    }
}
