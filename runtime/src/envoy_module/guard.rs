//! Panics, which must not reach the host: unwinding through its frames ends the process.

use core::ffi::c_void;
use core::panic::AssertUnwindSafe;
use std::any::Any;
use std::panic::catch_unwind;
use std::sync::Arc;

use crate::protocol::{Level, Log};

/// Calls; `otherwise` if that panics, after a line in the log.
pub(super) fn guard<T>(
    log: &dyn Log,
    what: &str,
    call: impl FnOnce() -> T,
    otherwise: impl FnOnce() -> T,
) -> T {
    // What the call has left half-way is not used again: the connection is closed.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let line = format!(
            "panic in {what}: {}; the connection is closed",
            reason(&*panic)
        );
        log.log(Level::Error, &line);
        otherwise()
    })
}

/// Starts something for a configuration of the host, which gets it by its address; null, after a line in the log, refuses it.
pub(super) fn load<S>(
    log: &dyn Log,
    what: &str,
    start: impl FnOnce() -> Result<S, String>,
) -> *const c_void {
    let started = guard(
        log,
        "the start",
        start,
        || Err("it has panicked".to_owned()),
    );
    match started {
        Ok(started) => Arc::into_raw(Arc::new(started)).cast(),
        Err(reason) => {
            log.log(Level::Error, &format!("the {what} is refused: {reason}"));
            core::ptr::null()
        }
    }
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason")
}

#[cfg(test)]
mod tests {
    use super::super::tests::Fake;
    use super::*;

    #[test]
    fn a_panic_is_one_line_and_another_answer() {
        let host = Fake::default();
        assert_eq!(guard(&host, "a", || 1, || 2), 1);
        assert_eq!(guard(&host, "b", || panic!("with {}", 7), || 2), 2);
        let lines = host.lines();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("panic in b: with 7"), "{lines:?}");
    }

    #[test]
    fn what_does_not_start_is_refused_with_its_reason() {
        let host = Fake::default();
        assert!(load::<()>(&host, "bridge", || Err("no".to_owned())).is_null());
        assert!(load::<()>(&host, "bridge", || panic!()).is_null());
        let lines = host.lines();
        assert_eq!(lines[0], "the bridge is refused: no");
        assert_eq!(lines[2], "the bridge is refused: it has panicked");
    }
}
