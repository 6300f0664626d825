//! What becomes of a comparison: its report, on the terminal and in the documentation, and an exit code.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use super::column::Column;
use super::plot;
use super::results::Results;
use crate::page;

/// What else than to print a report.
#[derive(clap::Args, Debug)]
pub(super) struct Ending {
    /// Write the report and the plot to docs/
    #[arg(long)]
    write: bool,
    /// Fail if a goal is missed
    #[arg(long)]
    check: bool,
}

impl Ending {
    /// Prints the report about `host`, by the name of its command, and writes it if asked to; `start` is when
    /// the comparison began, `missed` whether a goal is.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn report<C: Column>(
        &self,
        host: &str,
        report: &str,
        results: &Results<C>,
        start: Instant,
        missed: bool,
    ) -> Result<ExitCode> {
        println!("\n{report}\nTook {} s.", start.elapsed().as_secs());
        if self.write {
            let file = crate::repository::root().join(format!("docs/{host}-benchmarks.md"));
            page::replace(&file, &format!("bench {host}"), report)?;
            plot::write(&file.with_extension("svg"), results)?;
        }
        Ok(ExitCode::from(u8::from(self.check && missed)))
    }
}
