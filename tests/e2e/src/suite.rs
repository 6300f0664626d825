//! Cases as tests, with the options and the output of Rust's own tests.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};
use cargo_meshwire::toolchain::wrapper;
use clap::Parser;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use meshwire_support::peers::Unsupported;

use crate::case::{Case, Lacks};
use crate::context::{Context, Session};

/// Lines of a host's log that a failure shows.
const LAST_LINES: usize = 12;
/// Every wait of a case ends with its timeout. If one does not, this much later the run is given up.
const GRACE: Duration = Duration::from_mins(1);

type Make<T> = Box<dyn Fn(&Session) -> Result<T> + Send + Sync>;

/// What cases are run against: a label, and how it is made when the first case needs it.
pub(crate) struct Target<T> {
    label: String,
    make: Make<T>,
    made: OnceLock<Result<T, String>>,
}

impl<T> Target<T> {
    /// A target that is made when a case first needs it.
    pub(crate) fn new(
        label: impl Into<String>,
        make: impl Fn(&Session) -> Result<T> + Send + Sync + 'static,
    ) -> Self {
        Self {
            label: label.into(),
            make: Box::new(make),
            made: OnceLock::new(),
        }
    }

    fn get(&self, session: &Session) -> Result<&T> {
        let made = self
            .made
            .get_or_init(|| (self.make)(session).map_err(|error| format!("{error:#}")));
        made.as_ref().map_err(|error| anyhow!("{error}"))
    }
}

/// How a case has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CaseResult {
    /// As it should.
    Passed,
    /// For this reason not.
    Failed(String),
    /// It means nothing here, for this reason.
    Unfit(String),
}

impl CaseResult {
    /// For `libtest_mimic`.
    ///
    /// # Errors
    /// If the case has failed.
    pub(crate) fn completion(self) -> Result<Completion, Failed> {
        match self {
            Self::Passed => Ok(Completion::Completed),
            Self::Failed(why) => Err(why.into()),
            Self::Unfit(why) => Ok(Completion::ignored_with(why)),
        }
    }
}

/// Runs a case against a target.
pub(crate) fn run<T>(session: &Session, target: &Target<T>, case: &Case<T>) -> CaseResult {
    let made = match target.get(session) {
        Ok(made) => made,
        Err(error) => return CaseResult::Failed(format!("{error:#}")),
    };
    if let Some(why) = case.unfit(made) {
        return CaseResult::Unfit(why.to_owned());
    }
    let folder = PathBuf::from(target.label.replace([' ', ','], "-")).join(case.name);
    let context = Context::new(session, made, &folder, case.timeout);
    let Err(error) = watched(case, || (case.run)(&context)) else {
        return CaseResult::Passed;
    };
    if error.is::<Unsupported>() || error.is::<Lacks>() {
        return CaseResult::Unfit(error.to_string());
    }
    let mut why = format!("{error:#}\n");
    for line in context.last_lines(LAST_LINES) {
        let _ = writeln!(why, "host | {line}");
    }
    let folder = cargo_meshwire::workspace::shown(context.folder()).display();
    CaseResult::Failed(format!("{why}logs in {folder}"))
}

/// Does `work`. If it does not end, the program does, and hosts and peers end with that.
fn watched<T, R>(case: &Case<T>, work: impl FnOnce() -> R) -> R {
    let (done, ended) = mpsc::channel::<()>();
    let (name, most) = (case.name, case.timeout + GRACE);
    let watch = thread::spawn(move || {
        if ended.recv_timeout(most) == Err(RecvTimeoutError::Timeout) {
            anstream::eprintln!("error: `{name}` does not end");
            process::exit(1);
        }
    });
    let result = work();
    drop(done);
    let _ = watch.join();
    result
}

/// A test for each case with each target, target by target; `done` gets the outcome and says what becomes of it.
pub(crate) fn trials<T: Send + Sync + 'static>(
    session: &Arc<Session>,
    targets: Vec<Target<T>>,
    cases: &[Case<T>],
    done: impl Fn(&str, &'static str, CaseResult) -> CaseResult + Send + Sync + Clone + 'static,
) -> Vec<Trial> {
    let mut trials = Vec::new();
    for target in targets {
        let target = Arc::new(target);
        for case in cases {
            let (case, session, done) = (*case, Arc::clone(session), done.clone());
            let (kind, target) = (target.label.clone(), Arc::clone(&target));
            let test = move || {
                let outcome = run(&session, &target, &case);
                done(&target.label, case.name, outcome).completion()
            };
            trials.push(Trial::ignorable_test(case.title(), test).with_kind(kind));
        }
    }
    trials
}

/// Runs a suite with the options of this process.
///
/// It builds plugins, and cargo starts this program once more instead of the compiler for each.
pub(crate) fn main<A: Parser>(
    suite: impl FnOnce(A, &Arc<Session>) -> Result<ExitCode>,
) -> ExitCode {
    let done = if wrapper::is_called() {
        wrapper::run()
    } else {
        let options = A::parse();
        Session::new().and_then(|session| suite(options, &Arc::new(session)))
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}

/// Runs tests; one after the other, unless the options say otherwise: they measure time.
pub(crate) fn run_all(mut options: Arguments, trials: Vec<Trial>) -> ExitCode {
    options.test_threads.get_or_insert(1);
    libtest_mimic::run(&options, trials).exit_code()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(case: Case<u8>) -> CaseResult {
        let session = Session::new().unwrap();
        run(&session, &Target::new("a target", |_| Ok(7)), &case)
    }

    #[test]
    fn what_means_nothing_is_not_failed() {
        let case = Case::new("a-case", "it works", |context: &Context<u8>| {
            assert_eq!(*context.target, 7);
            Ok(())
        });
        assert_eq!(outcome(case), CaseResult::Passed);
        let unfit = case.unless(|target| (*target == 7).then_some("not theirs"));
        assert_eq!(outcome(unfit), CaseResult::Unfit("not theirs".to_owned()));
        let lacks = Case::new("a-case", "it works", |_| Err(Lacks("no heartbeats").into()));
        assert_eq!(
            outcome(lacks),
            CaseResult::Unfit("no heartbeats".to_owned())
        );
        let fails = Case::new("a-case", "it works", |_| Err(anyhow!("no answer")));
        let CaseResult::Failed(why) = outcome(fails) else {
            panic!("it does not fail");
        };
        assert!(
            why.starts_with("no answer\n") && why.contains("a-target"),
            "{why}"
        );
    }

    #[test]
    fn a_target_that_cannot_be_made_fails_its_cases() {
        let session = Session::new().unwrap();
        let target = Target::<u8>::new("a target", |_| Err(anyhow!("no compiler")));
        let case = Case::new("a-case", "it works", |_: &Context<u8>| Ok(()));
        let failed = CaseResult::Failed("no compiler".to_owned());
        assert_eq!(run(&session, &target, &case), failed);
    }
}
