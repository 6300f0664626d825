//! A host in the foreground: its log until Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::Event;

/// How long Ctrl-C may go unnoticed.
const LOOK: Duration = Duration::from_millis(100);

/// Something that Ctrl-C stops, rather than this process at once.
#[derive(Debug)]
pub struct Foreground {
    stopped: Arc<AtomicBool>,
}

impl Foreground {
    /// From now on, Ctrl-C is listened for. Before, it ends this process, and the host with it.
    ///
    /// # Errors
    /// If something else listens for it already.
    pub fn new() -> Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&stopped);
        ctrlc::set_handler(move || set.store(true, Ordering::Relaxed))
            .context("cannot listen for Ctrl-C")?;
        Ok(Self { stopped })
    }

    /// Shows the lines of a host until Ctrl-C; `next` waits for what it does next.
    ///
    /// # Errors
    /// If the host ends by itself.
    pub fn watch(
        &self,
        host: &str,
        next: impl Fn(Duration) -> Event,
        show: impl Fn(&str),
    ) -> Result<()> {
        while !self.stopped.load(Ordering::Relaxed) {
            match next(LOOK) {
                Event::Line(line) => show(&line),
                Event::Quiet => {}
                Event::Ended => bail!("{host} has exited"),
            }
        }
        Ok(())
    }
}
