//! Lines for the host's log.

use super::Host;
use crate::protocol::{Level, Log, Logger};

/// Writes a warning of the framework's own.
#[cold]
pub(super) fn warn(host: &dyn Host, line: core::fmt::Arguments<'_>) {
    Logger::new(&Escaped(host)).warn(line);
}

/// The host's log, with every `%` doubled: the host takes each line for a format.
pub(super) struct Escaped<'h>(pub(super) &'h dyn Host);

impl Log for Escaped<'_> {
    fn log(&self, level: Level, line: &str) {
        let (mut escaped, mut rest) = (String::new(), line);
        let mark = |text: &str| text.bytes().position(|byte| byte == b'%');
        while let Some((front, after)) = mark(rest).and_then(|at| rest.split_at_checked(at + 1)) {
            escaped += front;
            escaped += "%";
            rest = after;
        }
        escaped += rest;
        self.0.log(level, &escaped);
    }
}
