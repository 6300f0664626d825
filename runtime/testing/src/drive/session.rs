//! A plugin at work: each frame goes through the calls that a host would make.

use super::Lacking;
use super::input::Input;
use super::outcome::{Complaint, HostResult, Seen};
use crate::dissect::{self, Dissection};
use crate::emulator::{ContextId, Decoded, Failure, Guest, MosnHost};
use crate::vectors::Refused;
use meshwire::command::HostStatus;
use meshwire::frame::{Direction, Layout};
use meshwire::protocol::Level;

/// The ids that frames get, one after the other; small, so that any field has them as they are.
const FIRST_ID: u64 = 101;
/// After it the first one follows again.
pub(super) const LAST_ID: u64 = 127;

/// Bytes that are handed over at first.
const READ: usize = 64 * 1024;

/// The reason for which requests are hijacked.
pub(super) const HIJACK: HostStatus = HostStatus::TIMEOUT;

/// A plugin in its host.
pub(super) struct Session<G: Guest> {
    pub(super) emulator: MosnHost<G>,
    pub(super) layouts: &'static [Layout],
    /// The codec's own word for how much the front of a frame lacks.
    pub(super) lacking: Option<Lacking>,
    /// The id that the user wants.
    wanted: Option<u64>,
    /// Headers that requests are forwarded with.
    pub(super) set_headers: Vec<(String, String)>,
    /// The id that was given last.
    pub(super) last_id: u64,
}

impl<G: Guest> Session<G> {
    pub(super) fn new(
        emulator: MosnHost<G>,
        layouts: &'static [Layout],
        wanted: Option<u64>,
    ) -> Self {
        Self {
            emulator,
            layouts,
            lacking: None,
            wanted,
            set_headers: Vec::new(),
            last_id: FIRST_ID - 1,
        }
    }

    /// Drives the plugin over a source; each frame is handed to `each` as soon as it is known.
    pub(super) fn drive<E>(
        &mut self,
        input: &Input,
        mut each: impl FnMut(Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut offset = 0;
        let mut number = 0;
        while let Some(rest) = input.bytes.get(offset..) {
            if rest.is_empty() && number > 0 {
                break;
            }
            let mut seen = self.frame(rest);
            if let Some(expected) = input.expected.get(number) {
                seen.expect(expected);
            }
            number += 1;
            seen.offset = offset;
            let alone = number == 1 && seen.bytes.len() == rest.len();
            seen.name = if alone {
                input.name.clone()
            } else {
                format!("{}#{number}", input.name)
            };
            let ended = !matches!(seen.outcome, HostResult::Frame(_));
            offset += seen.bytes.len();
            if offset == input.bytes.len() && number < input.expected.len() {
                let text = format!("{} frames were expected in all", input.expected.len());
                seen.problems.push(text);
            }
            each(seen)?;
            if ended {
                // The host closes the connection, or waits for bytes that never come.
                break;
            }
        }
        Ok(())
    }

    /// Drives the plugin over the frame at the front of `bytes`.
    fn frame(&mut self, bytes: &[u8]) -> Seen {
        self.emulator.log().clear();
        let mut problems = Vec::new();
        let context = match self.emulator.new_protocol_context() {
            Ok(context) => context,
            Err(failure) => return self.failed(bytes, &failure),
        };
        let seen = match self.decode(context, bytes) {
            Decoded::Frame(frame) => {
                let direction = if frame.is_request() {
                    Direction::Request
                } else {
                    Direction::Response
                };
                let dissection = Dissection::of(self.layouts, &frame.raw, Some(direction));
                let passed = self.pass(context, &frame, dissection.as_ref(), &mut problems);
                Seen {
                    bytes: frame.raw.to_vec(),
                    outcome: HostResult::Frame(Box::new(passed)),
                    dissection,
                    ..unnamed(problems)
                }
            }
            Decoded::NeedMore => {
                let dissection = Dissection::of(self.layouts, bytes, None);
                let known = self.lacking.and_then(|lacking| lacking(bytes));
                let missing = known.or_else(|| dissect::missing(self.layouts, bytes));
                Seen {
                    bytes: bytes.to_vec(),
                    outcome: HostResult::Incomplete { missing },
                    dissection,
                    ..unnamed(problems)
                }
            }
            Decoded::Error(failure) => self.failed(bytes, &failure),
        };
        self.emulator.forget(context);
        seen
    }

    /// Hands over what a connection may hold, and more of it until there is a frame: every call copies
    /// all that it is given.
    fn decode(&mut self, context: ContextId, bytes: &[u8]) -> Decoded {
        let mut window = READ;
        loop {
            let Some(front) = bytes.get(..window) else {
                return self.emulator.decode(context, bytes);
            };
            match self.emulator.decode(context, front) {
                Decoded::NeedMore => window *= 2,
                decoded => return decoded,
            }
        }
    }

    fn failed(&self, bytes: &[u8], failure: &Failure) -> Seen {
        let outcome = match failure {
            Failure::Refused(_) => HostResult::Refused(self.complaint(failure)),
            _ => HostResult::Broken(self.reason(failure)),
        };
        Seen {
            bytes: bytes.to_vec(),
            outcome,
            dissection: Dissection::of(self.layouts, bytes, None),
            ..unnamed(Vec::new())
        }
    }

    /// Why the plugin has refused, by its log.
    fn complaint(&self, failure: &Failure) -> Complaint {
        let lines = self.emulator.logs(Level::Warn);
        let known = lines.iter().rev().find_map(|line| Complaint::read(line));
        known.unwrap_or_else(|| Complaint {
            how: Refused::Malformed,
            path: None,
            offset: None,
            reason: self.reason(failure),
        })
    }

    /// What has gone wrong: the last that the plugin has said, or what the host has seen.
    pub(super) fn reason(&self, failure: &Failure) -> String {
        let lines = self.emulator.log().all();
        match (failure, lines.last()) {
            (Failure::Refused(_), Some((_, line))) => line.clone(),
            _ => failure.to_string(),
        }
    }

    /// Another id than the frame has.
    pub(super) const fn next_id(&mut self, old: u64) -> u64 {
        self.last_id = match self.wanted {
            Some(wanted) => wanted,
            None if self.last_id + 1 == old => old + 1,
            None if self.last_id < LAST_ID => self.last_id + 1,
            None => FIRST_ID,
        };
        self.last_id
    }
}

/// Named later.
fn unnamed(problems: Vec<String>) -> Seen {
    Seen {
        name: String::new(),
        offset: 0,
        bytes: Vec::new(),
        outcome: HostResult::Incomplete { missing: None },
        dissection: None,
        problems,
    }
}
