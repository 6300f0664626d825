#![doc = include_str!("../README.md")]

pub mod drive;
#[cfg(feature = "wasm")]
pub mod wasm;

use meshwire::{dissect, emulator, vectors};
