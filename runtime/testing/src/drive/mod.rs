//! The command line that passes frames through a codec, as its host does.
//!
//! `cargo xtask run` is this command line over the built `.wasm`; a cargo example of each plugin is it
//! over the same codec without WebAssembly:
//!
//! ```no_run
//! # use meshwire::{Bytes, Frame, protocol};
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(request)]
//! # pub struct Ask { #[frame(tag = 1)] pub kind: u8, #[frame(id)] pub id: u32 }
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(response)]
//! # pub struct Answer { #[frame(tag = 2)] pub kind: u8, #[frame(id)] pub id: u32 }
//! # #[protocol(name = "x-acme", frames(Ask, Answer), status(_ => 0), keep_alive = none)]
//! # pub struct Acme;
//! fn main() -> std::process::ExitCode {
//!     meshwire_testing::drive::main::<Acme>()
//! }
//! ```
//!
//! Every frame goes through the calls of a host: a context is created, the bytes are decoded, the
//! frame is encoded with another id, the context is deleted. Heartbeats are answered, and requests
//! are also answered as on a timeout of the upstream. A frame is good if it is unchanged but for the
//! id, if it meets the expectations of its [vector](crate::vectors), and if the plugin can decode its
//! answers. A warning names fields that the request fills and the answer does not: a client may
//! expect them.

mod args;
mod dump;
mod filter;
mod id_change;
mod input;
mod json;
mod keyed;
mod layout;
mod outcome;
mod passage;
mod report;
mod session;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod unfilled;

use core::fmt::Display;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::diagram;
use crate::emulator::{Module, MosnHost, Native, Options};
use meshwire::frame::{Layout, Verdict};
use meshwire::protocol::Plugin;

pub use layout::{Description, SECTION};

use args::{Args, Picture};
use report::Report;
use session::Session;

/// A plugin that is ready to be driven.
struct Engine<M> {
    module: M,
    layouts: &'static [Layout],
    /// The codec's own number of bytes that the front of a frame lacks; a module has none.
    lacking: Option<Lacking>,
    /// What runs the plugin, in a few words.
    name: String,
}

/// How many bytes the front of a frame lacks at least.
type Lacking = fn(&[u8]) -> Option<usize>;

/// The same, as the codec of `P` says it.
fn lacking<P: Plugin>(bytes: &[u8]) -> Option<usize> {
    match P::measure(bytes) {
        Verdict::NeedMore(lacking) => Some(lacking),
        _ => None,
    }
}

/// Drives `P` without WebAssembly over the frames that the arguments of this process name.
///
/// The exit code is 0 if all frames are good, 1 if one is not, 2 if there is nothing to drive.
pub fn main<P: Plugin>() -> ExitCode {
    let mut arguments = env::args_os();
    let program = arguments.next().unwrap_or_default();
    let program = Path::new(&program).file_stem().unwrap_or_default();
    run(program, arguments, false, |args, out| {
        if let Some(config) = &args.envoy {
            return filter::drive::<P>(config, &input::read(&args.frames)?, out);
        }
        if let Some(picture) = args.diagram {
            let drawn = match picture {
                Picture::Text => diagram::text(P::LAYOUTS),
                Picture::Svg => diagram::svg(P::NAME, P::LAYOUTS),
            };
            read_enough(out.write_all(drawn.as_bytes()))?;
            return Ok(true);
        }
        let engine = Engine {
            module: Native::<P>::new(),
            layouts: P::LAYOUTS,
            lacking: Some(lacking::<P>),
            name: format!("{} without wasm", P::NAME),
        };
        drive(args, engine, out)
    })
}

/// Drives the plugin in the file after `--wasm`, which `load` compiles, over the frames that the other
/// `arguments` name; the first of them is the first after the program's name. The layouts are those that the
/// plugin describes itself with; a plugin without a description is driven all the same, and less is shown.
///
/// The exit code is that of [`main`].
pub fn main_with<M: Module, E: Display>(
    arguments: impl IntoIterator<Item = OsString>,
    load: impl FnOnce(&Path) -> Result<M, E>,
) -> ExitCode {
    run("drive".as_ref(), arguments, true, |args, out| {
        let path = args.wasm.as_deref().unwrap_or(Path::new(""));
        let named = |error: &dyn Display| format!("{}: {error}", path.display());
        let wasm = fs::read(path).map_err(|error| named(&error))?;
        let description = Description::of_module(&wasm).map_err(|error| named(&error))?;
        let module = load(path).map_err(|error| named(&error))?;
        let file = Path::new(path.file_name().unwrap_or_default()).display();
        let engine = Engine {
            module,
            layouts: description.map_or(&[], |description| description.layouts),
            lacking: None,
            name: format!("wasm {file}, {} bytes", thousands(wasm.len())),
        };
        drive(args, engine, out)
    })
}

fn run(
    program: &OsStr,
    arguments: impl IntoIterator<Item = OsString>,
    takes_wasm: bool,
    drive: impl FnOnce(&Args, &mut dyn Write) -> Result<bool, String>,
) -> ExitCode {
    let driven = args::parse(arguments, takes_wasm).and_then(|args| {
        if args.help {
            println(&args::help(&program.to_string_lossy(), takes_wasm));
            return Ok(true);
        }
        drive(&args, &mut io::stdout().lock())
    });
    match driven {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Drives the engine over all frames and writes what it sees; whether all is well.
fn drive<M: Module>(args: &Args, engine: Engine<M>, out: &mut dyn Write) -> Result<bool, String> {
    let inputs = input::read(&args.frames)?;
    let emulator = MosnHost::start(engine.module, &Options::new())
        .map_err(|failure| format!("the plugin failed to start: {failure}"))?;
    let mut session = Session::new(emulator, engine.layouts, args.id);
    session.lacking = engine.lacking;
    session.set_headers.clone_from(&args.set_headers);
    let mut report = Report::new(args, &inputs, out);
    let written = inputs
        .iter()
        .try_for_each(|input| session.drive(input, |seen| report.frame(&seen)))
        .and_then(|()| {
            let heartbeat = session.own_heartbeat().filter(|_| report.any_good());
            heartbeat.map_or(Ok(()), |made| report.own_heartbeat(&made))
        })
        .and_then(|()| report.summary(&engine.name));
    read_enough(written)?;
    Ok(report.is_good())
}

/// Whoever has closed the pipe has seen enough.
fn read_enough(written: io::Result<()>) -> Result<(), String> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write: {error}"))
        }
        _ => Ok(()),
    }
}

fn println(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// A number in groups of three digits.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
