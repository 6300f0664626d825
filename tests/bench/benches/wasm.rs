//! The generated bolt plugin against the least that a bolt plugin can be, both as `.wasm` on one
//! compiling engine. `cargo bench -p meshwire-bench --features jit --bench wasm`
//!
//! docs/benchmarks.md explains how to read the figures.

mod guest;
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use guest::PluginInstance;
use meshwire_bench::{building_plugins, plugin};
use support::Bench;
use support::frames::{self, Sample};
use support::pairs::Row;
use wasmtime::{Engine, Result};

/// The largest ratios of generated to hand-written that are acceptable: up to 2 KiB, and above.
const SMALL: f64 = 1.4;
const LARGE: f64 = 1.3;
/// The largest artifact, in bytes.
const SIZE: u64 = 48_000;

/// An id that no sample has.
const ID: u64 = 0x0102_0304;
/// Frames that come and are never deleted, as hosts do in normal operation.
const ABANDONED: u32 = 10_000_000;

fn main() -> ExitCode {
    building_plugins(|| {
        let plugins = [plugin("bolt")?, plugin("floor")?];
        compare(plugins).map_err(|trap| anyhow!("{trap:?}"))
    })
}

fn compare(plugins: [PathBuf; 2]) -> Result<ExitCode> {
    let [bolt, floor] = plugins;
    let engine = Engine::default();
    let mut bench = Bench::new();
    for sample in &frames::requests() {
        let ours = Cycle::new(&engine, &bolt, sample)?;
        let theirs = Cycle::new(&engine, &floor, sample)?;
        assert_eq!(ours.message, theirs.message, "the host gets something else");
        let goal = if sample.bytes.len() > 2048 {
            LARGE
        } else {
            SMALL
        };
        bench.both(
            &Row {
                what: "decode + encode",
                size: sample.size,
                goal,
            },
            &mut (ours, theirs),
            |(ours, _)| ours.run(),
            |(_, theirs)| theirs.run(),
        );
    }
    let artifact = std::fs::metadata(&bolt)?.len();
    bench.size("artifact", SIZE, || artifact);
    bench.size("growth over 10 million frames", 0, || {
        growth(&engine, &bolt)
    });
    Ok(bench.finish())
}

/// The life of one request in one plugin: in, to the host, back, out.
struct Cycle<'s> {
    guest: PluginInstance,
    frame: &'s [u8],
    message: Vec<u8>,
}

impl<'s> Cycle<'s> {
    /// Starts the plugin and runs the cycle once, to see that it is right.
    fn new(engine: &Engine, wasm: &Path, sample: &'s Sample) -> Result<Self> {
        let frame = &sample.bytes[..];
        let mut guest = PluginInstance::start(engine, wasm)?;
        let message = guest::message(guest.decode(frame)?, ID);
        let mut expected = frame.to_vec();
        expected[5..9].copy_from_slice(&(ID as u32).to_be_bytes());
        assert!(guest.encode(&message)?.ends_with(&expected), "other bytes");
        guest.delete()?;
        Ok(Self {
            guest,
            frame,
            message,
        })
    }

    fn run(&mut self) {
        self.try_run().expect("the cycle has run before");
    }

    fn try_run(&mut self) -> Result<()> {
        self.guest.decode(self.frame)?;
        self.guest.encode(&self.message)?;
        self.guest.delete()
    }
}

/// How many bytes the memory of a plugin grows by over many frames, once it has filled its tables.
fn growth(engine: &Engine, wasm: &Path) -> u64 {
    let [sample, ..] = frames::requests();
    let mut guest = PluginInstance::start(engine, wasm).expect("the plugin has started before");
    let mut full = 0;
    for frame in 0..ABANDONED {
        guest
            .decode(&sample.bytes)
            .expect("the frame has been decoded before");
        if frame == ABANDONED / 10 {
            full = guest.memory_size();
        }
    }
    (guest.memory_size() - full) as u64
}
