//! What `cargo xtask mosn` builds and writes, on a real MOSN: `cargo gate check mosn`.
//!
//! Frames are captured ones, or written by hand from the layout of bolt v1.

mod compilers;
mod config;
mod engines;
mod headers;
mod heartbeats;
mod host;
mod inline;
mod lean;
mod limits;
mod overflow;
mod peers;
#[cfg(feature = "stock-mosn")]
mod stock;
#[cfg(unix)]
mod updates;
