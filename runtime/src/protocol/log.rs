//! The host's log.

use core::fmt::{self, Write as _};

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// For developers.
    Debug,
    /// For operators.
    Info,
    /// Unexpected: an operator should look at it.
    Warn,
    /// A failure.
    Error,
}

/// A host's log.
pub trait Log {
    /// Writes one line.
    fn log(&self, level: Level, line: &str);
}

/// A writer to the host's log.
#[derive(Clone, Copy)]
pub struct Logger<'l> {
    sink: &'l dyn Log,
}

macro_rules! levels {
    ($($method:ident $level:ident $text:literal;)*) => {$(
        #[doc = concat!("Writes a line of level ", $text, ".")]
        #[inline]
        pub fn $method(self, line: impl fmt::Display) {
            self.log(Level::$level, &line);
        }
    )*};
}

impl<'l> Logger<'l> {
    /// A logger that writes to `sink`.
    pub const fn new(sink: &'l dyn Log) -> Self {
        Self { sink }
    }

    levels! {
        trace Trace "trace"; debug Debug "debug"; info Info "info"; warn Warn "warn"; error Error "error";
    }

    fn log(self, level: Level, line: &dyn fmt::Display) {
        let mut text = String::new();
        // A line of which a part cannot be written is better than none.
        _ = write!(text, "{line}");
        self.sink.log(level, &text);
    }
}
