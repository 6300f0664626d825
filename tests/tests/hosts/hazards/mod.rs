//! The faults of the host that a plugin has to live with: one test for each that it can do something
//! about, on every kind of guest. They are those of MOSN 1.6; each test says what its fault is.

mod bytes;
mod config;
mod contexts;
mod heartbeats;
mod hijacks;
mod leaks;
mod results;
#[cfg(feature = "wasm")]
mod start;

use meshwire_testing::emulator::{Decoded, DecodedFrame, Guest, Module, MosnHost, Options};

/// One instance of bolt, started.
fn start<M: Module>(module: &M) -> MosnHost<M::Guest> {
    MosnHost::start(module, &Options::new()).expect("a plugin that starts")
}

/// What a new context makes of some bytes.
fn decode(emulator: &mut MosnHost<impl Guest>, bytes: &[u8]) -> Decoded {
    let context = emulator
        .new_protocol_context()
        .expect("an instance that is not locked");
    emulator.decode(context, bytes)
}

/// What a new context makes of some bytes that are a frame.
fn frame(emulator: &mut MosnHost<impl Guest>, bytes: &[u8]) -> DecodedFrame {
    match decode(emulator, bytes) {
        Decoded::Frame(frame) => frame,
        other => panic!("no frame: {other:?}"),
    }
}
