//! One thing that has to work.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use crate::context::Context;

/// How long a case may take unless it says otherwise.
const TIMEOUT: Duration = Duration::from_mins(1);

/// One thing that has to work with a target `T`, and the test of it.
pub(crate) struct Case<T> {
    /// A short name; the part before the first `-` is its group.
    pub(crate) name: &'static str,
    /// What has to work, as a sentence.
    pub(crate) about: &'static str,
    /// The test.
    pub(crate) run: fn(&Context<T>) -> Result<()>,
    /// How long it may take.
    pub(crate) timeout: Duration,
    /// Why the case means nothing for a target, if so.
    unfit: fn(&T) -> Option<&'static str>,
}

impl<T> Clone for Case<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Case<T> {}

impl<T> Case<T> {
    /// A case for every target.
    pub(crate) const fn new(
        name: &'static str,
        about: &'static str,
        run: fn(&Context<T>) -> Result<()>,
    ) -> Self {
        Self {
            name,
            about,
            run,
            timeout: TIMEOUT,
            unfit: |_| None,
        }
    }

    /// The same with more time.
    #[must_use]
    pub(crate) const fn seconds(self, timeout: u64) -> Self {
        let timeout = Duration::from_secs(timeout);
        Self { timeout, ..self }
    }

    /// The same, but not for some targets: `unfit` says why, if so.
    #[must_use]
    pub(crate) const fn unless(self, unfit: fn(&T) -> Option<&'static str>) -> Self {
        Self { unfit, ..self }
    }

    /// Why the case means nothing for a target, if so.
    pub(crate) fn unfit(&self, target: &T) -> Option<&'static str> {
        (self.unfit)(target)
    }

    /// The name of its test.
    pub(crate) fn title(&self) -> String {
        format!("{}: {}", self.name, self.about)
    }
}

/// An error of a case: the protocol or library has no such thing, so the case means nothing.
#[derive(Debug)]
pub(crate) struct Lacks(pub(crate) &'static str);

impl fmt::Display for Lacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Lacks {}
