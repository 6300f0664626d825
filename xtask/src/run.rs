//! `cargo xtask run`: a plugin at work, in the embedded host or natively.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build_plugin::{self, Host, Noise};
use crate::sh;
use crate::workspace::{self, Example, Workspace};

/// Build a plugin and drive it over frames: decode, re-encode with another id, heartbeat, hijack
///
/// The plugin runs as wasm in an embedded host that offers exactly what MOSN offers. A frame that
/// the plugin refuses is shown with field, offset and reason, and the exit code is not zero. With
/// `--host envoy` they go past the plugin as a network filter instead, without wasm: what goes on, what the
/// filter logs and counts.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask run bolt
  cargo xtask run bolt examples/bolt/vectors/heartbeat.hex --dump
  cargo xtask run bolt 01010000 --native
  cargo xtask run bolt --host envoy --plugin '{\"access_log\": \"info\"}'
  xxd -p frame.bin | cargo xtask run bolt - --json")]
pub struct Args {
    /// A folder of examples/
    name: String,
    /// Files in hex or binary, hex digits, or `-` for stdin [default: the plugin's vectors]
    frames: Vec<String>,
    /// Draw each frame as a hex dump with every field named in place
    #[arg(long)]
    dump: bool,
    /// Print one JSON object per line, for tools
    #[arg(long)]
    json: bool,
    /// Encode every frame with this id [default: another one for each frame]
    #[arg(long, value_name = "N")]
    id: Option<u64>,
    /// Drive the same codec without wasm, where the wasm target cannot be had
    #[arg(long)]
    native: bool,
    /// The host to model
    #[arg(long, value_enum, default_value_t = Host::Mosn)]
    host: Host,
    /// With `--host envoy`: the filter's configuration, one JSON object
    #[arg(long, value_name = "JSON")]
    plugin: Option<String>,
}

/// Runs the command; the exit code is that of the driver.
///
/// # Errors
/// If the plugin is unknown or does not build.
pub fn run(args: &Args) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let example = workspace.example(&args.name)?;
    let passed_on = arguments(args, &example)?;
    if args.native || args.host == Host::Envoy {
        return native(&workspace, &example, &passed_on);
    }
    let first = !example.artifact(Host::Mosn).exists();
    let noise = if first { Noise::Progress } else { Noise::Quiet };
    let artifact = build_plugin::build(&workspace, &example, Host::Mosn, noise)?;
    let embedded = [
        "-p",
        "meshwire-tests",
        "--features",
        "wasm",
        "--bin",
        "embedded",
    ];
    let wasm = shown(&artifact.path);
    drive(
        &workspace,
        &embedded,
        "embedded",
        &["--wasm", &wasm],
        &passed_on,
    )
}

/// Drives the codec itself. The driver is a cargo example of the plugin: it may use what the plugin is tested with,
/// and a build for wasm does not see it.
fn native(workspace: &Workspace, example: &Example, passed_on: &[String]) -> Result<ExitCode> {
    let package = &example.package;
    if !example.has_driver {
        let file = example.dir.join("examples").join(package);
        bail!(
            "`{}` is missing: its `main` returns `meshwire::drive::main::<TheProtocol>()`",
            workspace::shown(&file.with_extension("rs")).display()
        );
    }
    let binary = format!("examples/{package}");
    drive(
        workspace,
        &["-p", package, "--example", package],
        &binary,
        &[],
        passed_on,
    )
}

/// What the driver gets: our flags, then the frames.
fn arguments(args: &Args, example: &Example) -> Result<Vec<String>> {
    let mut passed_on = Vec::new();
    for (flag, wanted) in [("--dump", args.dump), ("--json", args.json)] {
        if wanted {
            passed_on.push(flag.to_owned());
        }
    }
    match (args.host, &args.plugin) {
        (Host::Mosn, None) => {}
        (Host::Mosn, Some(_)) => {
            bail!("`--plugin` configures a filter of Envoy: add `--host envoy`")
        }
        (Host::Envoy, _) if args.dump || args.json || args.id.is_some() => {
            bail!(
                "`--dump`, `--json` and `--id` are for `--host mosn`: a filter of Envoy writes no frames"
            )
        }
        (Host::Envoy, config) => {
            let config = config.clone().unwrap_or_default();
            passed_on.extend(["--envoy".to_owned(), config]);
        }
    }
    if let Some(id) = args.id {
        passed_on.extend(["--id".to_owned(), id.to_string()]);
    }
    if args.frames.is_empty() {
        let vectors = example.vectors()?;
        passed_on.extend(vectors.iter().map(|path| shown(path)));
    } else {
        passed_on.extend_from_slice(&args.frames);
    }
    Ok(passed_on)
}

fn shown(path: &Path) -> String {
    workspace::shown(path).display().to_string()
}

/// Builds and runs a binary of the workspace. Its first build shows cargo's progress.
fn drive(
    workspace: &Workspace,
    cargo_args: &[&str],
    binary: &str,
    leading: &[&str],
    passed_on: &[String],
) -> Result<ExitCode> {
    let last = workspace.target_dir.join("debug").join(binary);
    let mut build = sh::cargo("build");
    build.args(cargo_args);
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
    let driver = executable(&messages).context("cargo does not say where the driver is")?;
    sh::pass_on(Command::new(driver).args(leading).args(passed_on))
}

/// The executable that cargo has built, by its messages, one JSON object a line.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    let lines = messages.split(|byte| *byte == b'\n');
    let objects = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut paths =
        objects.filter_map(|object| Some(PathBuf::from(object["executable"].as_str()?)));
    paths.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_the_driver_is() {
        let messages = br#"{"reason":"compiler-artifact","executable":null}
{"reason":"compiler-artifact","executable":"/t/x86_64/debug/examples/bolt"}
{"reason":"build-finished","success":true}
"#;
        let built = executable(messages);
        assert_eq!(
            built.as_deref(),
            Some(Path::new("/t/x86_64/debug/examples/bolt"))
        );
        assert_eq!(executable(b""), None);
    }
}
