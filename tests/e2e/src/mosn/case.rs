//! One thing that has to work.

use std::time::Duration;

use anyhow::Result;

use super::bed::Bed;
use super::column::Maker;

/// How long a case may take where it does not say else.
const LIMIT: Duration = Duration::from_mins(1);

/// One thing that has to work, and how it is found out.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is called on a command line; the part before the first `-` is its group.
    pub name: &'static str,
    /// What has to work, for people.
    pub about: &'static str,
    /// Finds out.
    pub run: fn(&Bed) -> Result<()>,
    /// How long it may take.
    pub limit: Duration,
    fits: Fits,
}

/// The codecs for which a case has a meaning.
#[derive(Clone, Copy, Debug)]
enum Fits {
    All,
    Plugins(&'static str),
    Meshwire(&'static str),
}

impl Case {
    /// A case for every codec.
    pub const fn new(name: &'static str, about: &'static str, run: fn(&Bed) -> Result<()>) -> Self {
        Self {
            name,
            about,
            run,
            limit: LIMIT,
            fits: Fits::All,
        }
    }

    /// The same with more time.
    #[must_use]
    pub const fn seconds(self, limit: u64) -> Self {
        let limit = Duration::from_secs(limit);
        Self { limit, ..self }
    }

    /// Only for plugins; `why` the codec in Go is left out.
    #[must_use]
    pub const fn plugins(self, why: &'static str) -> Self {
        let fits = Fits::Plugins(why);
        Self { fits, ..self }
    }

    /// Only for meshwire; `why` the others are left out.
    #[must_use]
    pub const fn meshwire(self, why: &'static str) -> Self {
        let fits = Fits::Meshwire(why);
        Self { fits, ..self }
    }

    /// Why the case means nothing for codecs of this maker, if so.
    pub fn unfit(&self, maker: Maker) -> Option<&'static str> {
        match (self.fits, maker) {
            (Fits::Plugins(why), Maker::Native)
            | (Fits::Meshwire(why), Maker::Native | Maker::Tinygo) => Some(why),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_says_for_whom_it_is_not() {
        let case = Case::new("a", "b", |_| Ok(()));
        assert_eq!(case.unfit(Maker::Native), None);
        let plugins = case.plugins("no plugin");
        assert_eq!(plugins.unfit(Maker::Native), Some("no plugin"));
        assert_eq!(plugins.unfit(Maker::Tinygo), None);
        let meshwire = case.meshwire("not theirs");
        assert_eq!(meshwire.unfit(Maker::Tinygo), Some("not theirs"));
        assert_eq!(meshwire.unfit(Maker::Meshwire), None);
    }
}
