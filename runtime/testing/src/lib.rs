#![doc = include_str!("../README.md")]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod conformance;
pub mod dissect;
pub mod drive;
pub mod emulator;
pub mod vectors;
#[cfg(feature = "wasm")]
pub mod wasm;
