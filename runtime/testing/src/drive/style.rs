//! Colours, where they are wanted.

use core::fmt::Display;
use std::env;
use std::io::{self, IsTerminal};

/// Whether to use colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    coloured: bool,
}

/// The colour of good news.
pub(super) const GREEN: &str = "32";
/// The colour of what may be wrong.
pub(super) const YELLOW: &str = "33";
/// The colour of bad news.
pub(super) const RED: &str = "1;31";
/// For what is there to be found, not to be read.
pub(super) const DIM: &str = "2";
/// For what is looked for first.
pub(super) const BOLD: &str = "1";
/// For fields, one after the other: neighbours differ, and none looks like bad news.
const FIELDS: [&str; 6] = ["36", "33", "35", "32", "34", "95"];

/// The colour of the field with this number.
pub(super) fn field(number: usize) -> &'static str {
    FIELDS.get(number % FIELDS.len()).copied().unwrap_or(BOLD)
}

impl Style {
    /// Colours on a terminal that wants them.
    pub(super) fn of_stdout() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            coloured: io::stdout().is_terminal() && !refused,
        }
    }

    /// Never a colour.
    #[cfg(test)]
    pub(super) const PLAIN: Self = Self { coloured: false };
    /// Always colours.
    #[cfg(test)]
    pub(super) const COLOURED: Self = Self { coloured: true };

    /// The text in a colour.
    pub(super) fn paint(self, colour: &str, text: impl Display) -> String {
        let text = text.to_string();
        if self.coloured && !text.is_empty() {
            format!("\x1b[{colour}m{text}\x1b[0m")
        } else {
            text
        }
    }
}
