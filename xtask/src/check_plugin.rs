//! `cargo meshwire check-plugin`: would this module load in its host?

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::wasm::PluginHost;
use crate::{print, wasm};

/// Check whether a .wasm file would load in its host, with reasons and hints
///
/// Works for any module, whatever language it was written in. Errors keep it from loading or harm the host,
/// warnings cost a feature, notes are good to know. Exits with 1 if there are errors.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: cargo meshwire check-plugin examples/bolt/build/bolt.wasm")]
pub struct Args {
    /// The module
    file: PathBuf,
    /// The host [default: the one that the module names]
    #[arg(long, value_enum)]
    host: Option<PluginHost>,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read.
pub fn run(args: &Args) -> Result<ExitCode> {
    let bytes = std::fs::read(&args.file)
        .with_context(|| format!("cannot read `{}`", args.file.display()))?;
    let host = args.host.unwrap_or_else(|| PluginHost::of(&bytes));
    let report = wasm::check(&bytes, host);
    let module = print::module(&args.file, &report, None);
    print::text(format_args!("{module}{}", print::findings(&report)));
    Ok(if report.loads() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
