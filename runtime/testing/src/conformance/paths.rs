//! Errors in parts whose content has keys.

use super::describe::hex;
use super::samples::each;
use crate::dissect::Span;
use meshwire::Error;
use meshwire::command::Command;
use meshwire::frame::Verdict;
use meshwire::protocol::Plugin;
use meshwire::wire::{EntryValue, KeyedEntry};

/// Bytes of an entry that are damaged.
const DAMAGED: usize = 64;

/// The error of an entry that is damaged names the field: `target.service`. Tried with each bit of the entries that records
/// declare: damage of a value always names it, and damage of what is before the values, where the keys are, at least once in
/// a record. An error at another place, or after the damage, where another length or a quote ends the entry, is not judged.
///
/// # Panics
/// If one does not.
pub fn errors_in_records_name_the_field<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        sample.fields.spans.iter().try_for_each(|span| {
            let mut part = Part {
                frame: &sample.bytes,
                span,
                named: false,
                unnamed: None,
            };
            let entries = span.entries(&sample.bytes);
            let mut values = entries.iter().filter(|entry| entry.declared);
            values.try_for_each(|entry| match entry.value {
                EntryValue::Entries => Ok(()),
                _ => part.damaged::<P>(entry),
            })?;
            match part.unnamed {
                Some(what) if !part.named => Err(what),
                _ => Ok(()),
            }
        })
    });
}

/// A part with keys.
struct Part<'s> {
    frame: &'s [u8],
    span: &'s Span,
    /// An error has named its field.
    named: bool,
    /// An error that names none.
    unnamed: Option<String>,
}

impl Part<'_> {
    /// That the errors of an entry with another bit name it.
    fn damaged<P: Plugin>(&mut self, entry: &KeyedEntry) -> Result<(), String> {
        let span = self.span;
        let range = span.at + entry.range.start..span.at + entry.range.end;
        let value = span.at + entry.value_at;
        for at in range.clone().take(DAMAGED) {
            for bit in 0..8 {
                let mut damaged = self.frame.to_vec();
                if let Some(byte) = damaged.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                // After the damage, at what the value does not end before any more.
                let is_after = |offset: usize| offset >= at && offset > value;
                let judged = |error: &Error| {
                    error.field() == span.field.name
                        && range.contains(&error.offset())
                        && (!is_after(error.offset())
                            || error.key_path().as_deref() == Some(&entry.path))
                };
                let Some(error) = error_of::<P>(&damaged).filter(judged) else {
                    continue;
                };
                let path = error.key_path();
                if path.as_deref() == Some(&entry.path) {
                    self.named = true;
                } else if at >= value && self.is_same_record(entry, &damaged) {
                    return Err(words(entry, &damaged, error));
                } else if path.is_none() && self.unnamed.is_none() {
                    self.unnamed = Some(words(entry, &damaged, error));
                }
            }
        }
        Ok(())
    }

    /// Whether the entries before this one are those of the same fields in a damaged frame: of several records, it is the
    /// same.
    fn is_same_record(&self, entry: &KeyedEntry, damaged: &[u8]) -> bool {
        let before = |frame| {
            let mut entries = self.span.entries(frame);
            entries.retain(|other| other.range.end <= entry.range.start);
            let paths = entries.into_iter().map(|entry| entry.path);
            paths.collect::<Vec<_>>()
        };
        before(self.frame) == before(damaged)
    }
}

fn words(entry: &KeyedEntry, damaged: &[u8], error: Error) -> String {
    let path = error.key_path();
    format!(
        "the error of `{}` names {}: {error}\n    in {}",
        entry.path,
        path.as_deref().unwrap_or("no field"),
        hex(damaged)
    )
}

/// What is wrong with a frame, or with its headers.
fn error_of<P: Plugin>(frame: &[u8]) -> Option<Error> {
    match P::parse(frame) {
        Verdict::Malformed(error) => Some(error),
        Verdict::Frame(view) => view.header_map().err(),
        _ => None,
    }
}
