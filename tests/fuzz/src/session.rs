//! Runs of libFuzzer.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::Run;
use crate::build::{binary, build, output};
use crate::corpus;
use crate::report::{self, RunReport};
use crate::targets::Target;

/// Megabytes that a target may take: a table without a bound is a finding too.
const MEGABYTES: usize = 1024;
/// Seconds that one input may take.
const SECONDS: usize = 20;

/// Where a target has what it works with.
struct Folders {
    /// Inputs that reach something new, from run to run.
    corpus: PathBuf,
    /// What every run begins with.
    seeds: PathBuf,
    /// Inputs that have failed.
    findings: PathBuf,
    /// What libFuzzer has said in the last run.
    log: PathBuf,
}

impl Folders {
    fn of(target: Target) -> Result<Self> {
        let work = output().join("work").join(target.name());
        let folders = Self {
            corpus: work.join("corpus"),
            seeds: work.join("seeds"),
            findings: work.join("findings"),
            log: work.join("log.txt"),
        };
        for folder in [&folders.corpus, &folders.findings] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(folders)
    }
}

/// Runs targets, some at a time.
pub(crate) fn run(run: &Run) -> Result<ExitCode> {
    let targets = Target::or_all(&run.targets);
    build(&targets)?;
    let queue = Mutex::new(VecDeque::from(targets));
    let outcomes = Mutex::new(Vec::new());
    let next = || {
        queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    thread::scope(|scope| {
        for _ in 0..run.jobs.max(1) {
            scope.spawn(|| {
                while let Some(target) = next() {
                    let outcome = one(target, run);
                    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                    outcomes.push(outcome);
                }
            });
        }
    });
    let outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let outcomes = outcomes.into_iter().collect::<Result<Vec<_>>>()?;
    report::table(&outcomes);
    report::add(&outcomes)?;
    let clean = outcomes.iter().all(|outcome| outcome.findings.is_empty());
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs one target for its time: once, or again after each finding.
fn one(target: Target, run: &Run) -> Result<RunReport> {
    let folders = Folders::of(target)?;
    let kept = corpus::kept(target)?;
    corpus::unpack(
        kept.into_iter().chain(corpus::seeds(target)?),
        &folders.seeds,
    )?;
    println!(
        "{}: {} s, log in {}",
        target.name(),
        run.seconds,
        folders.log.display()
    );
    let before = names(&folders.findings)?;
    let start = Instant::now();
    let mut outcome = RunReport::new(target);
    loop {
        let left = run.seconds.saturating_sub(start.elapsed().as_secs()).max(1);
        let known = names(&folders.findings)?.len();
        let status = round(target, run, &folders, left)?;
        let log = String::from_utf8_lossy(&fs::read(&folders.log)?).into_owned();
        outcome.add(&log);
        let is_found = names(&folders.findings)?.len() > known;
        if !status.success() && !is_found && outcome.findings.is_empty() {
            bail!(
                "{} ends with {status}:\n{}",
                target.name(),
                report::end_of(&log)
            );
        }
        outcome.findings = names(&folders.findings)?;
        outcome.findings.retain(|finding| !before.contains(finding));
        // An input of the corpus that fails does so each time.
        let is_over = start.elapsed().as_secs() >= run.seconds;
        if !run.keep_going || is_over || status.success() || !is_found {
            outcome.seconds = start.elapsed().as_secs();
            return Ok(outcome);
        }
    }
}

/// Runs libFuzzer, which ends with the first finding.
fn round(target: Target, run: &Run, folders: &Folders, seconds: u64) -> Result<ExitStatus> {
    let log = File::create(&folders.log)?;
    let mut fuzzer = fuzzer(target)?;
    fuzzer
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", folders.findings.display()))
        .args(["-print_final_stats=1", "-reload=0"])
        .args(&run.options)
        .args([&folders.corpus, &folders.seeds]);
    let status = fuzzer.stdout(Stdio::null()).stderr(log).status();
    status.with_context(|| format!("cannot run {}", target.name()))
}

/// A target with the bounds that every run has.
fn fuzzer(target: Target) -> Result<Command> {
    let mut fuzzer = Command::new(binary(target)?);
    fuzzer.args([
        format!("-max_len={}", target.longest()),
        format!("-rss_limit_mb={MEGABYTES}"),
        format!("-timeout={SECONDS}"),
    ]);
    Ok(fuzzer)
}

fn names(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// Runs a target once for each file, in sight.
pub(crate) fn reproduce(target: Target, files: &[PathBuf]) -> Result<ExitCode> {
    build(&[target])?;
    let status = fuzzer(target)?.args(files).status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Makes a finding smaller.
pub(crate) fn shrink(target: Target, file: &Path, seconds: u64) -> Result<ExitCode> {
    build(&[target])?;
    let mut small = file.as_os_str().to_owned();
    small.push(".small");
    let small = PathBuf::from(small);
    let mut fuzzer = fuzzer(target)?;
    fuzzer
        .arg("-minimize_crash=1")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-exact_artifact_path={}", small.display()));
    fuzzer.arg(file).status()?;
    if small.exists() {
        println!("{}: {} bytes", small.display(), fs::metadata(&small)?.len());
    } else {
        println!("{}: nothing smaller fails", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps the fewest inputs that reach all that is reached beyond the vectors, as many as there is room for.
pub(crate) fn minimise(target: Target, bytes: usize) -> Result<()> {
    build(&[target])?;
    let folders = Folders::of(target)?;
    let vectors: BTreeSet<Vec<u8>> = corpus::seeds(target)?.into_iter().collect();
    corpus::unpack(corpus::kept(target)?, &folders.seeds)?;
    // What is in the first folder stays, and what reaches something new is added to it.
    let merged = output().join("work").join(target.name()).join("merged");
    corpus::unpack(vectors.iter().cloned(), &merged)?;
    let status = fuzzer(target)?
        .args(["-merge=1"])
        .args([&merged, &folders.corpus, &folders.seeds])
        .stderr(File::create(&folders.log)?)
        .status()?;
    if !status.success() {
        bail!("{} ends with {status}", target.name());
    }
    let mut inputs = corpus::in_folder(&merged)?;
    inputs.retain(|input| !vectors.contains(input));
    // Small inputs reach most for their size.
    inputs.sort_by_key(Vec::len);
    let all = inputs.len();
    let mut room = bytes;
    inputs.retain(|input| {
        let fits = input.len() <= room;
        room -= if fits { input.len() } else { 0 };
        fits
    });
    corpus::keep(target, &inputs)?;
    println!(
        "{}: {} of {all} inputs, {} bytes",
        target.name(),
        inputs.len(),
        bytes - room
    );
    Ok(())
}
