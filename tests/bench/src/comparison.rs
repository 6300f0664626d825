//! A comparison on a host: what every one of them is asked, does, and leaves.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::EnumValueParser;
use meshwire_support::{page, repository};

use super::echo::Echo;
use super::frames::Protocol;
use super::hop::Hosts;
use super::plot;
use super::results::Results;
use super::target::{Target, wanted};
use super::turns::{Progress, Runner, Turns};

/// What a comparison can be asked, whatever the host.
#[derive(clap::Args, Debug)]
pub(crate) struct Comparison<T: Target> {
    #[command(flatten)]
    pub(crate) turns: Turns,
    /// Only these targets
    #[arg(long, value_name = "TARGET", value_delimiter = ',', value_parser = EnumValueParser::<T>::new())]
    only: Vec<T>,
    /// Write the report and the plot to docs/
    #[arg(long)]
    write: bool,
    /// Fail if a goal is missed
    #[arg(long)]
    check: bool,
    /// Set by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

impl<T: Target> Comparison<T> {
    /// The targets that were asked for.
    pub(crate) fn targets(&self) -> Vec<T> {
        wanted(&self.only)
    }

    /// How many measurements that will be.
    pub(crate) fn planned<H: Hosts<Target = T>>(&self, hosts: &H) -> usize {
        self.turns.planned(hosts, &self.targets())
    }

    /// Measures all targets with bodies of each size, at full load; `more` is what else is measured with a size.
    ///
    /// # Errors
    /// If a host does not start, or an answer is wrong.
    pub(crate) fn measure<H: Hosts<Target = T>>(
        &self,
        hosts: &H,
        protocol: Protocol,
        progress: &Progress,
        mut more: impl FnMut(&Runner<H>, usize, &Results<T>) -> Result<()>,
    ) -> Result<Results<T>> {
        let runner = Runner {
            turns: &self.turns,
            hosts,
            server: &Echo::start(protocol)?,
            progress,
        };
        let (mut results, targets) = (Results::default(), self.targets());
        for &size in &self.turns.sizes {
            let samples = runner.rounds(&targets, size, self.turns.at_once())?;
            results.0.extend(samples);
            more(&runner, size, &results)?;
        }
        Ok(results)
    }

    /// Whether reports are written into pages of docs/.
    pub(crate) fn writes(&self) -> bool {
        self.write
    }

    /// Prints the report about a host, by the name of its benchmark, and writes it if asked to, with a plot of
    /// these results; `missed` is whether a goal is.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn report(
        &self,
        host: &str,
        progress: &Progress,
        results: &Results<T>,
        report: &str,
        missed: bool,
    ) -> Result<ExitCode> {
        println!("\n{report}\nTook {} s.", progress.elapsed().as_secs());
        if self.write {
            let file = repository::root().join(format!("docs/{host}-benchmarks.md"));
            page::replace(&file, &command(host), report)?;
            plot::write(&file.with_extension("svg"), results)?;
        }
        Ok(ExitCode::from(u8::from(self.check && missed)))
    }
}

/// The command that writes pages about a host.
pub(crate) fn command(host: &str) -> String {
    format!("cargo bench -p meshwire-bench --bench {host} -- --write")
}
