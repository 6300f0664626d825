//! `cargo gate check`: the gates a change goes through, each runnable alone.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::tidy;
use cargo_meshwire::build_plugin::{self, Noise, PluginHost};
use cargo_meshwire::workspace::{self, Workspace};
use cargo_meshwire::{sh, toolchain, wasm};
use meshwire_support::repository::WITH_WASM;

mod mosn;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();

/// Run the gates a change goes through, all or those named
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo gate check
  cargo gate check fmt tidy lint")]
pub struct Args {
    /// Which gates [default: all, in this order]
    #[arg(value_enum)]
    gates: Vec<Gate>,
}

/// One gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Gate {
    /// Formatting: rustfmt on defaults
    Fmt,
    /// Rules of this repository: arrows between rooms, `unsafe`, pairs of files
    Tidy,
    /// Clippy without warnings, on every target and feature
    Lint,
    /// Rustdoc without warnings
    Docs,
    /// `cargo test`
    Test,
    /// Every plugin as wasm: built, checked, linted, and tested in the embedded host
    Wasm,
    /// The host of `cargo xtask mosn`: its Go sources, its configuration, its engines; needs Go
    Mosn,
    /// Resources and images for Istio against the schemas it publishes, in a real Envoy; needs Go and Python
    Istio,
}

impl Gate {
    fn name(self) -> &'static str {
        match self {
            Gate::Fmt => "fmt",
            Gate::Tidy => "tidy",
            Gate::Lint => "lint",
            Gate::Docs => "docs",
            Gate::Test => "test",
            Gate::Wasm => "wasm",
            Gate::Mosn => "mosn",
            Gate::Istio => "istio",
        }
    }

    fn run(self) -> Result<()> {
        match self {
            Gate::Fmt => fmt(),
            Gate::Tidy => tidy(),
            Gate::Lint => lint(),
            Gate::Docs => docs(),
            Gate::Test => cargo("test", &[]),
            Gate::Wasm => wasm(),
            Gate::Mosn => mosn::run(),
            Gate::Istio => cargo("test", &ISTIO),
        }
    }
}

/// Runs the gates one after the other; a closed one does not keep the next from being tried.
pub fn run(args: &Args) -> ExitCode {
    let all = Gate::value_variants();
    let gates = if args.gates.is_empty() {
        all
    } else {
        args.gates.as_slice()
    };
    let mut outcomes = Vec::new();
    for gate in gates {
        anstream::println!("{BOLD}==> {}{BOLD:#}", gate.name());
        let start = Instant::now();
        let outcome = gate.run();
        if let Err(error) = &outcome {
            anstream::println!("{RED}{}{RED:#}: {error:#}", gate.name());
        }
        outcomes.push((*gate, outcome.is_ok(), start.elapsed()));
    }
    summary(&outcomes)
}

fn summary(outcomes: &[(Gate, bool, Duration)]) -> ExitCode {
    anstream::println!();
    for (gate, passed, took) in outcomes {
        let (style, word) = if *passed {
            (GREEN, "ok")
        } else {
            (RED, "FAILED")
        };
        let seconds = took.as_secs_f64();
        anstream::println!(
            "{:<10}{style}{word:<8}{style:#}{seconds:>7.1} s",
            gate.name()
        );
    }
    let passed = outcomes.iter().filter(|(_, passed, _)| *passed).count();
    let failed = outcomes.len() - passed;
    anstream::println!("gates: {passed} passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn cargo(subcommand: &str, args: &[&str]) -> Result<()> {
    announced(meshwire_support::repository::cargo(subcommand).args(args))
}

/// Says what it runs, then runs it.
fn announced(command: &mut Command) -> Result<()> {
    anstream::println!("    {}", sh::line(command));
    sh::run(command)
}

/// The fuzz targets are a workspace of their own.
fn fmt() -> Result<()> {
    for workspace in ["", "tests/fuzz"] {
        announced(
            meshwire_support::repository::cargo_in(workspace, "fmt").args(["--all", "--check"]),
        )?;
    }
    Ok(())
}

fn tidy() -> Result<()> {
    let remarks = tidy::check(&meshwire_support::repository::root())?;
    for note in &remarks.notes {
        anstream::println!("    note: {note}");
    }
    for error in &remarks.errors {
        anstream::println!("    {error}");
    }
    match remarks.errors.len() {
        0 => Ok(()),
        1 => bail!("one place breaks a rule"),
        many => bail!("{many} places break a rule"),
    }
}

const ISTIO: [&str; 6] = [
    "-p",
    "meshwire-gates",
    "--features",
    "istio",
    "--test",
    "istio",
];

const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// Features of the runtime add up over a workspace, so its bare codec core is looked at alone.
fn lint() -> Result<()> {
    for scope in [
        &["--workspace", "--all-targets"][..],
        &["-p", "meshwire-tests", "--all-targets", "--all-features"],
        &["-p", "meshwire-gates", "--all-targets", "--all-features"],
        // What plain `cargo test` and `cargo bench` leave alone is not part of `--all-targets`.
        &["-p", "meshwire-e2e", "--test", "*"],
        &["-p", "meshwire-bench", "--bench", "*", "--all-features"],
        &["-p", "meshwire", "--no-default-features"],
    ] {
        cargo("clippy", &[scope, &DENY].concat())?;
    }
    Ok(())
}

fn docs() -> Result<()> {
    let mut command = meshwire_support::repository::cargo("doc");
    command.args(["--workspace", "--no-deps"]);
    let mut flags = std::env::var("RUSTDOCFLAGS").unwrap_or_default();
    flags.push_str(" -D warnings");
    command.env("RUSTDOCFLAGS", flags.trim_start());
    anstream::println!("    RUSTDOCFLAGS='-D warnings' {}", sh::line(&command));
    sh::run(&mut command)
}

/// What a user may type instead of `build-plugin`: it needs no option and gets no warning. Cargo warns of files that
/// overwrite each other, and no lint denies that.
/// One package at a time: ttheader has thrift as a library, which is a plugin by itself.
fn plain_build(package: &str) -> Result<()> {
    let mut build = meshwire_support::repository::cargo("build");
    silent(build.args(["--target", toolchain::WASM, "-p", package]))
}

/// Says what it runs, then runs it: a command that has nothing to say.
fn silent(command: &mut Command) -> Result<()> {
    anstream::println!("    {}", sh::line(command));
    let output = command.arg("--quiet").output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && said.is_empty() {
        return Ok(());
    }
    bail!("`{}` says:\n{}", sh::line(command), said.trim_end())
}

/// Another package of a build may want the other host's feature too: a module stays that of the host it is built for.
fn features_only_add(workspace: &Workspace) -> Result<()> {
    let mut build = meshwire_support::repository::cargo("build");
    build.args(["--target", toolchain::WASM, "-p", "bolt"]);
    silent(build.args(["--features", "meshwire/envoy"]))?;
    let module = workspace.target_dir.join(toolchain::WASM);
    let module = std::fs::read(module.join("debug/bolt.wasm"))?;
    if wasm::check(&module, PluginHost::Mosn).loads() {
        return Ok(());
    }
    bail!("with the feature `envoy`, bolt is not a codec of MOSN any longer")
}

/// The examples that MOSN cannot run.
const ENVOY_ONLY: [&str; 1] = ["kafka"];

/// What exists in wasm only is linted here: other gates never see it.
fn wasm() -> Result<()> {
    let workspace = meshwire_support::repository::load()?;
    let names = meshwire_support::repository::example_names(
        &meshwire_support::repository::root().join("examples"),
    );
    let packages: Vec<&str> = names.iter().flat_map(|name| ["-p", name]).collect();
    for host in [PluginHost::Mosn, PluginHost::Envoy] {
        for name in &names {
            let example = workspace.example(name)?;
            anstream::println!("    cargo xtask build-plugin {name} --host {}", host.arg());
            let built = build_plugin::build(&workspace, &example, host, Noise::Quiet);
            if host == PluginHost::Mosn && ENVOY_ONLY.contains(&name.as_str()) {
                if built.is_ok() {
                    bail!("`{name}` is for Envoy alone, and builds for MOSN");
                }
                continue;
            }
            let artifact = built?;
            let (size, md5) = (artifact.report.size, artifact.md5);
            let path = workspace::shown(&artifact.path).display();
            anstream::println!("    {path}: {size} bytes, md5 {md5}");
        }
        let flags = serde_json::to_string(host.cfg())?;
        let flags = format!("target.{}.rustflags={flags}", toolchain::WASM);
        let lint = ["--lib", "--target", toolchain::WASM, "--config", &flags];
        let lint = [&packages[..], &lint, host.feature(), &DENY].concat();
        cargo("clippy", &lint)?;
    }
    for name in &names {
        plain_build(name)?;
    }
    features_only_add(&workspace)?;
    // What the compiler says of mistakes has nothing to do with WebAssembly and takes minutes.
    let skip = ["--", "--skip", "ui", "--exact"];
    cargo("test", &[&WITH_WASM[..], &skip].concat())
}
