//! `cargo meshwire run`: a plugin at work, in the embedded host or natively.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use meshwire_testing::wasm::WasmModule;

use crate::build_plugin::{self, PluginHost};
use crate::workspace::{self, Example, Place, Workspace};
use crate::{sh, toolchain};

/// Build a plugin and run frames through it: decode, re-encode with another id, heartbeat, hijack
///
/// The plugin runs as wasm in an embedded host that offers exactly what MOSN offers. A frame that
/// the plugin rejects is shown with field, offset and reason, and the exit code is not zero. With
/// `--host envoy` the plugin runs as a network filter instead, without wasm, and the output is what the
/// filter forwards, logs and counts.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire run bolt
  cargo meshwire run bolt examples/bolt/vectors/heartbeat.hex --dump
  cargo meshwire run bolt 01010000 --native
  cargo meshwire run bolt --host envoy --plugin '{\"access_log\": \"info\"}'
  xxd -p frame.bin | cargo meshwire run bolt - --json")]
pub struct Args {
    /// The package of the plugin [default: that of the current folder, or the only one]
    name: Option<String>,
    /// Files in hex or binary, hex digits, or `-` for stdin [default: the plugin's vectors]
    frames: Vec<String>,
    /// The package of the plugin; all other arguments are frames then
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// Show each frame as an annotated hex dump; with `--native`, the keys of records, too
    #[arg(long)]
    dump: bool,
    /// Print one JSON object per line, for tools
    #[arg(long)]
    json: bool,
    /// Encode every frame with this id [default: another one for each frame]
    #[arg(long, value_name = "N")]
    id: Option<u64>,
    /// Forward requests with this header, in the place of another one of its name; it can be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set_header: Vec<String>,
    /// Run the same codec without wasm, where the wasm target cannot be installed
    #[arg(long)]
    native: bool,
    /// The host to model
    #[arg(long, value_enum, default_value_t = PluginHost::Mosn)]
    host: PluginHost,
    /// With `--host envoy`: the filter's configuration, one JSON object
    #[arg(long, value_name = "JSON")]
    plugin: Option<String>,
}

impl Args {
    /// Whether the user says how frames are written.
    const fn writes(&self) -> bool {
        self.id.is_some() || !self.set_header.is_empty()
    }

    /// The name of the plugin, and the frames.
    fn name_and_frames(&self) -> (Option<&str>, Vec<&String>) {
        match &self.package {
            Some(package) => (
                Some(package),
                self.name.iter().chain(&self.frames).collect(),
            ),
            None => (self.name.as_deref(), self.frames.iter().collect()),
        }
    }
}

/// Runs the command; the exit code is that of the driver.
///
/// # Errors
/// If the plugin is unknown or does not build.
pub fn run(args: &Args, place: &Place) -> Result<ExitCode> {
    let workspace = Workspace::of(place)?;
    let (name, frames) = args.name_and_frames();
    let example = workspace.plugin(name)?;
    if args.host == PluginHost::EnvoyModule {
        bail!(
            "`run` has no model of calls as streams of HTTP/2: the codec is the same with `--host mosn`\n  \
             the library: cargo meshwire build-plugin {} --host envoy-module",
            example.name
        );
    }
    let passed_on = arguments(args, frames, &example)?;
    if args.native || args.host == PluginHost::Envoy {
        return native(&workspace, &example, &passed_on);
    }
    let artifact = build_plugin::up_to_date(&workspace, &example, PluginHost::Mosn)?;
    let arguments = ["--wasm".to_owned(), shown(&artifact.path)];
    let arguments = arguments.into_iter().chain(passed_on).map(OsString::from);
    Ok(meshwire_testing::drive::main_with(arguments, |path| {
        WasmModule::load(path)
    }))
}

/// Drives the codec itself. The driver is a cargo example of the plugin: it may use what the plugin is tested with,
/// and a build for wasm does not see it.
pub(crate) fn native(
    workspace: &Workspace,
    example: &Example,
    passed_on: &[String],
) -> Result<ExitCode> {
    let package = &example.name;
    if !example.has_driver {
        let file = example.dir.join("examples").join(package);
        bail!(
            "`{}` is missing: its `main` returns `meshwire_testing::drive::main::<TheProtocol>()`",
            workspace::shown(&file.with_extension("rs")).display()
        );
    }
    let driver = build_driver(workspace, package)?;
    sh::pass_on(Command::new(driver).args(passed_on))
}

/// What the driver gets: our flags, then the frames.
fn arguments(args: &Args, frames: Vec<&String>, example: &Example) -> Result<Vec<String>> {
    let mut passed_on = Vec::new();
    for (flag, wanted) in [("--dump", args.dump), ("--json", args.json)] {
        if wanted {
            passed_on.push(flag.to_owned());
        }
    }
    match (args.host, &args.plugin) {
        (PluginHost::Mosn, None) | (PluginHost::EnvoyModule, _) => {}
        (PluginHost::Mosn, Some(_)) => {
            bail!("`--plugin` configures a filter of Envoy: add `--host envoy`")
        }
        (PluginHost::Envoy, _) if args.dump || args.json || args.writes() => {
            bail!(
                "`--dump`, `--json`, `--id` and `--set-header` are for `--host mosn`: a filter of Envoy writes no frames"
            )
        }
        (PluginHost::Envoy, config) => {
            let config = config.clone().unwrap_or_default();
            passed_on.extend(["--envoy".to_owned(), config]);
        }
    }
    if let Some(id) = args.id {
        passed_on.extend(["--id".to_owned(), id.to_string()]);
    }
    for header in &args.set_header {
        passed_on.extend(["--set-header".to_owned(), header.clone()]);
    }
    if frames.is_empty() {
        let vectors = example.vectors()?;
        passed_on.extend(vectors.iter().map(|path| shown(path)));
    } else {
        passed_on.extend(frames.into_iter().cloned());
    }
    Ok(passed_on)
}

fn shown(path: &Path) -> String {
    workspace::shown(path).display().to_string()
}

/// Builds the cargo example of a package that has its name. Its first build shows cargo's progress.
fn build_driver(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    let last = workspace.target_dir.join("debug/examples").join(package);
    let mut build = workspace.cargo("build");
    build.args(["-p", package, "--example", package]);
    build.args(["--message-format", "json-render-diagnostics"]);
    let messages = if last
        .with_extension(std::env::consts::EXE_EXTENSION)
        .exists()
    {
        build.arg("--quiet");
        sh::quietly("building the driver", || sh::output(&mut build))?
    } else {
        sh::output(&mut build)?
    };
    toolchain::executable(&messages).context("cargo reported no executable for the driver")
}
