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
use wasmtime::{Config, Engine, Result};

/// The largest ratio of generated to hand-written that is acceptable.
const GOAL: f64 = 1.3;
/// The same of a frame with a header that the host has added: the module by hand checks none.
const EDITED: f64 = 4.0;
/// The largest artifact, in bytes.
const SIZE: u64 = 50_450;

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
        bench.both(
            &Row {
                what: "decode + encode",
                size: sample.size,
                goal: GOAL,
            },
            &mut (ours, theirs),
            |(ours, _)| ours.run(),
            |(_, theirs)| theirs.run(),
        );
    }
    let counting = Engine::new(Config::new().consume_fuel(true))?;
    for sample in &frames::requests() {
        let ours = Counts::of(&counting, &bolt, sample)?;
        let theirs = Counts::of(&counting, &floor, sample)?;
        for ((what, goal, ours), (_, _, theirs)) in ours.rows().into_iter().zip(theirs.rows()) {
            let row = Row {
                what,
                size: sample.size,
                goal,
            };
            bench.count(&row, [ours, theirs]);
        }
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
        let message = guest::message(guest.decode(frame)?, ID, b"");
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

/// How many instructions a plugin executes for one call of the host, with what the host calls before it, on average. A byte
/// that is copied at once with others counts as one, too.
struct Counts {
    decode: u64,
    pass_on: u64,
    edited: u64,
    cycle: u64,
}

/// Frames before those that are counted, and as many that are: by then the table of deleted contexts has been full, and been
/// cleared.
const FRAMES: u64 = 8192;

impl Counts {
    fn of(engine: &Engine, wasm: &Path, sample: &Sample) -> Result<Self> {
        let Cycle {
            mut guest,
            frame,
            message,
        } = Cycle::new(engine, wasm, sample)?;
        let mut total = [0; 3];
        for count in 0..2 * FRAMES {
            let start = guest.executed()?;
            guest.decode(frame)?;
            let decoded = guest.executed()?;
            guest.encode(&message)?;
            let encoded = guest.executed()?;
            guest.delete()?;
            let end = guest.executed()?;
            if count >= FRAMES {
                total[0] += decoded - start;
                total[1] += encoded - decoded;
                total[2] += end - start;
            }
        }
        let edited = guest::message(guest.decode(frame)?, ID, HEADER);
        let before = guest.executed()?;
        guest.encode(&edited)?;
        let edited = guest.executed()? - before;
        let [decode, pass_on, cycle] = total.map(|total| total / FRAMES);
        Ok(Self {
            decode,
            pass_on,
            edited,
            cycle,
        })
    }

    /// What was counted, and the largest ratios that are acceptable.
    fn rows(&self) -> [(&'static str, f64, u64); 4] {
        [
            ("decode, count", GOAL, self.decode),
            ("pass on, count", GOAL, self.pass_on),
            ("edited, count", EDITED, self.edited),
            ("cycle, count", GOAL, self.cycle),
        ]
    }
}

/// A header that the host adds: its key and its value, each after its length.
const HEADER: &[u8] = b"\0\0\0\x05added\0\0\0\x03yes";

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
