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
        let mut escaped = Vec::with_capacity(line.len());
        for byte in line.bytes() {
            escaped.push(byte);
            if byte == b'%' {
                escaped.push(byte);
            }
        }
        // Doubling an ASCII byte keeps text text.
        let escaped = String::from_utf8(escaped).unwrap_or_default();
        self.0.log(level, &escaped);
    }
}
