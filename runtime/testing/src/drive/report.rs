//! Everything that is written about a run.

use std::io::{self, Write};

use super::args::Args;
use super::input::{self, Input};
use super::outcome::{HostResult, Seen, Written};
use super::style::{GREEN, RED, Style};
use super::text::{Text, plural};
use super::{dump, json};

/// Writes frames as they come, and sums up.
pub(super) struct Report<'r> {
    out: &'r mut dyn Write,
    text: Text,
    dump: bool,
    json: bool,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    frames: usize,
    bad: usize,
    reencoded: usize,
    answered: usize,
    hijacked: usize,
}

impl<'r> Report<'r> {
    pub(super) fn new(args: &Args, inputs: &[Input], out: &'r mut dyn Write) -> Self {
        let style = Style::of_stdout();
        Self {
            out,
            text: Text {
                style,
                width: input::width(inputs),
            },
            dump: args.dump,
            json: args.json,
            counts: Counts::default(),
        }
    }

    pub(super) fn frame(&mut self, seen: &Seen) -> io::Result<()> {
        self.counts.add(seen);
        if self.json {
            return writeln!(self.out, "{}", json::line(seen));
        }
        self.out.write_all(self.text.frame(seen).as_bytes())?;
        if self.dump {
            writeln!(self.out, "{}", dump::draw(seen, self.text.style))?;
        }
        Ok(())
    }

    pub(super) fn own_heartbeat(&mut self, made: &Result<Written, String>) -> io::Result<()> {
        self.counts.bad += usize::from(made.is_err());
        if self.json {
            writeln!(self.out, "{}", json::own_heartbeat(made))
        } else {
            self.out.write_all(self.text.own_heartbeat(made).as_bytes())
        }
    }

    /// The last line. Tools that read JSON count themselves.
    pub(super) fn summary(&mut self, engine: &str) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        let Counts {
            frames,
            bad,
            reencoded,
            answered,
            hijacked,
        } = self.counts;
        let colour = if bad == 0 { GREEN } else { RED };
        let verdict = self.text.style.paint(
            colour,
            format_args!("{}, {bad} bad", plural(frames, "frame")),
        );
        writeln!(
            self.out,
            "\n{verdict}: {reencoded} re-encoded with new ids, {} answered, {} hijacked; engine: {engine}",
            plural(answered, "heartbeat"),
            plural(hijacked, "request"),
        )
    }

    /// Whether there was a good frame: what the plugin does of its own is of interest then.
    pub(super) const fn any_good(&self) -> bool {
        self.counts.frames > self.counts.bad
    }

    pub(super) const fn is_good(&self) -> bool {
        self.counts.bad == 0
    }
}

impl Counts {
    fn add(&mut self, seen: &Seen) {
        self.frames += 1;
        self.bad += usize::from(!seen.is_good());
        if let HostResult::Frame(passed) = &seen.outcome {
            let some = |written: &Option<Written>| {
                usize::from(
                    written
                        .as_ref()
                        .is_some_and(|written| !written.bytes.is_empty()),
                )
            };
            self.reencoded += some(&passed.reencoded);
            self.answered += some(&passed.reply);
            self.hijacked += some(&passed.hijack);
        }
    }
}
