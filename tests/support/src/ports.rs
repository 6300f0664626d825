//! Free ports of this machine.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, bail};

use cargo_meshwire::mosn::settings::loopback;

/// Below what systems give to connections that go out: such a port would be free now, and taken
/// when the host gets to it.
const FIRST: u32 = 15_000;
const COUNT: u32 = 15_000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An address on which nothing listens.
///
/// # Errors
/// If every port is in use.
pub fn free() -> Result<SocketAddr> {
    // Another run at the same time starts elsewhere.
    let start = std::process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + start.wrapping_add(next) % COUNT;
        let address = loopback(u16::try_from(port)?);
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("no port of this machine is free");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_given_once() {
        let (one, other) = (free().unwrap(), free().unwrap());
        assert_ne!(one, other);
        TcpListener::bind(one).unwrap();
    }
}
