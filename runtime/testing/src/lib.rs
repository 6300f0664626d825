#![doc = include_str!("../README.md")]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod conformance;
pub mod diagram;
pub mod dissect;
pub mod drive;
pub mod emulator;
pub mod vectors;
// Its interpreter needs a later Rust than all the rest.
#[cfg(feature = "wasm")]
#[clippy::msrv = "1.87"]
pub mod wasm;
