//! `cargo meshwire diagram`: the frames of a plugin as a picture.

use std::process::ExitCode;

use anyhow::Result;

use crate::run;
use crate::workspace::{Place, Selection, Workspace};

/// Draw the frames of a plugin as they are declared: as text in the manner of RFCs, or as SVG
///
/// Every field is in the list below its frame, with offset, size and meaning; of a record each key with its type. The
/// picture is printed.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire diagram bolt
  cargo meshwire diagram bolt --svg > bolt.svg")]
pub struct Args {
    #[command(flatten)]
    plugin: Selection,
    /// As SVG, for documents; it takes the colours of the page that it is on
    #[arg(long)]
    svg: bool,
}

/// Runs the command; the exit code is that of the driver.
///
/// # Errors
/// If the plugin is unknown or does not build.
pub fn run(args: &Args, place: &Place) -> Result<ExitCode> {
    let workspace = Workspace::of(place)?;
    let example = workspace.plugin(args.plugin.name())?;
    let form = if args.svg { "svg" } else { "text" };
    run::native(
        &workspace,
        &example,
        &["--diagram".to_owned(), form.to_owned()],
    )
}
