#![doc = include_str!("../README.md")]

pub mod conformance;
pub mod dissect;
pub mod drive;
pub mod vectors;
#[cfg(feature = "wasm")]
pub mod wasm;

use meshwire::emulator;
