//! The host's log, which takes every line for a format.

use core::cell::RefCell;
use std::rc::Rc;

use meshwire::protocol::Level;

/// The lines that all instances of a plugin have logged, in their order.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    lines: Rc<RefCell<Vec<(Level, String)>>>,
}

impl Logs {
    /// `proxy_log`: writes a line as the host's log would show it.
    pub fn write(&self, level: i32, line: &[u8]) {
        let line = without_operands(&String::from_utf8_lossy(line));
        self.note(level_of(level), line);
    }

    /// Writes a line of the host's own.
    pub(super) fn note(&self, level: Level, line: String) {
        self.lines.borrow_mut().push((level, line));
    }

    /// The lines of one level.
    pub fn of(&self, level: Level) -> Vec<String> {
        let lines = self.lines.borrow();
        lines
            .iter()
            .filter(|(found, _)| *found == level)
            .map(|(_, line)| line.clone())
            .collect()
    }

    /// Every line with its level.
    pub fn all(&self) -> Vec<(Level, String)> {
        self.lines.borrow().clone()
    }

    /// Forgets all lines.
    pub fn clear(&self) {
        self.lines.borrow_mut().clear();
    }
}

/// The host's level for a number of the ABI.
const fn level_of(level: i32) -> Level {
    match level {
        0 => Level::Trace,
        1 => Level::Debug,
        3 => Level::Warn,
        4 | 5 => Level::Error,
        // The Go SDK's "fatal" is 6.
        _ => Level::Info,
    }
}

/// What Go's `fmt.Sprintf(format)` makes of a format without operands.
fn without_operands(format: &str) -> String {
    let mut out = String::with_capacity(format.len());
    let mut rest = format.chars().peekable();
    while let Some(char) = rest.next() {
        if char != '%' {
            out.push(char);
            continue;
        }
        let mut problem = "MISSING";
        while let Some(char) = rest.next_if(|char| "+-# 0123456789.*[]".contains(*char)) {
            match char {
                '*' => out.push_str("%!(BADWIDTH)"),
                '[' => problem = "BADINDEX",
                _ => {}
            }
        }
        match rest.next() {
            Some('%') => out.push('%'),
            Some(verb) => {
                out.push_str("%!");
                out.push(verb);
                out.push('(');
                out.push_str(problem);
                out.push(')');
            }
            None => out.push_str("%!(NOVERB)"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_is_mangled_as_go_does_it() {
        let cases = [
            ("plain", "plain"),
            ("100%% sure", "100% sure"),
            ("%d of %s", "%!d(MISSING) of %!s(MISSING)"),
            ("100%", "100%!(NOVERB)"),
            ("%5.2f|", "%!f(MISSING)|"),
            ("%*d", "%!(BADWIDTH)%!d(MISSING)"),
            ("%[1]d", "%!d(BADINDEX)"),
            ("50% off", "50%!o(MISSING)ff"),
        ];
        for (format, shown) in cases {
            assert_eq!(without_operands(format), shown);
        }
    }

    #[test]
    fn unknown_levels_are_info() {
        let log = Logs::default();
        log.write(6, b"fatal");
        log.write(5, b"critical");
        assert_eq!(log.of(Level::Info), ["fatal"]);
        assert_eq!(log.of(Level::Error), ["critical"]);
    }
}
