//! Saboteurs of one protocol, and what the suite says of them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use meshwire_testing::conformance::{self, Test};

use crate::wrapper::{Base, Hooks, Sabotaged};

/// A codec that is broken on purpose.
pub(crate) struct Saboteur<P: Base> {
    /// What it does wrong.
    pub does: &'static str,
    /// The conformance test that is about this.
    pub refused_by: &'static str,
    /// What that test says, or a part of it.
    pub says: &'static str,
    /// How it is done.
    pub hooks: Hooks<P>,
}

/// The saboteurs of a protocol.
pub(crate) struct Group<P: Base> {
    /// What the protocol is called.
    pub over: &'static str,
    /// The vectors that all tests are run on.
    pub vectors: &'static str,
    pub saboteurs: &'static [&'static [Saboteur<P>]],
}

/// What the suite says of a codec: of each test that fails, its name and its words.
pub(crate) type Failures = BTreeMap<&'static str, String>;

/// Runs the test of this name on a saboteur, or all.
type Run = dyn Fn(Option<&str>) -> Failures + Send;

/// A saboteur, whatever its protocol.
pub(crate) struct Row {
    pub over: &'static str,
    pub does: &'static str,
    pub refused_by: &'static str,
    pub says: &'static str,
    pub failures: Box<Run>,
}

impl<P: Base> Group<P> {
    pub(crate) fn rows(&self) -> Vec<Row> {
        let (over, vectors) = (self.over, self.vectors);
        let row = |saboteur: &'static Saboteur<P>| Row {
            over,
            does: saboteur.does,
            refused_by: saboteur.refused_by,
            says: saboteur.says,
            failures: Box::new(|only| failures(vectors, &saboteur.hooks, only)),
        };
        let saboteurs = self.saboteurs.iter().copied().flatten();
        saboteurs.map(row).collect()
    }

    /// What the suite says of the codec as it is.
    pub(crate) fn honest(&self) -> Failures {
        failures::<P>(self.vectors, &Hooks::HONEST, None)
    }
}

impl Row {
    /// What to say if the test that is about the fault does not find it: what all tests say of it, then.
    pub(crate) fn missed(&self) -> Option<String> {
        let found = (self.failures)(Some(self.refused_by));
        let said = |found: &String| !self.says.is_empty() && found.contains(self.says);
        if found.get(self.refused_by).is_some_and(said) {
            return None;
        }
        let failures = (self.failures)(None);
        let mut text = format!("{}: {} ({})", self.over, self.does, self.refused_by);
        if failures.is_empty() {
            text += "\n  all tests pass";
        }
        for (test, says) in &failures {
            let says: String = says.chars().take(400).collect();
            let _ = write!(text, "\n  {test}: {says}");
        }
        Some(text)
    }
}

fn failures<P: Base>(vectors: &str, hooks: &'static Hooks<P>, only: Option<&str>) -> Failures {
    P::hooks().set(hooks);
    let failure = |test: Test| {
        let result = panic::catch_unwind(AssertUnwindSafe(|| (test.run)(vectors)));
        let panic = result.err()?;
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
        Some((test.name, text.unwrap_or_default()))
    };
    let tests = conformance::tests::<Sabotaged<P>>();
    let asked = |test: &Test| only.is_none_or(|name| test.name == name);
    let failures = tests
        .into_iter()
        .filter(asked)
        .filter_map(failure)
        .collect();
    P::hooks().set(&Hooks::HONEST);
    failures
}

/// The names of all tests.
pub(crate) fn names() -> Vec<&'static str> {
    let tests = conformance::tests::<Sabotaged<::bolt::Bolt>>();
    tests.into_iter().map(|test| test.name).collect()
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Calls what panics all the time, without a line about each.
pub(crate) fn quietly<T>(call: impl FnOnce() -> T) -> T {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let result = call();
    QUIET.set(false);
    result
}
