//! Saboteurs over small protocols whose metadata is a record, or a map of values: one for each encoding, and for each
//! property that it has.
//!
//! A fault is made in the codec of the record, with the entries that the encoding itself finds: see [`fault`].

pub(crate) mod fault;
mod protocols;
mod values;

use crate::group::{Failures, Row, Saboteur};
use crate::wrapper::{Base, Hooks};
use fault::Fault;

pub(crate) fn rows() -> Vec<Row> {
    [protocols::rows(), values::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// What the suite says of the codecs as they are.
pub(crate) fn honest() -> Vec<Failures> {
    [protocols::honest(), values::honest()].concat()
}

/// A saboteur with a fault in its records; `says` is what the suite says of it.
const fn broken<P: Base>(fault: Fault, says: &'static str) -> Saboteur<P> {
    let (does, refused_by) = match fault {
        Fault::LosesUnknown => (
            "loses entries that it does not know with an edit",
            "unknown_bytes_survive_edits",
        ),
        Fault::LeavesOne => (
            "leaves one of several entries of a key with an edit",
            "unknown_bytes_survive_edits",
        ),
        Fault::Sorts => ("sorts entries when one is edited", PARTS),
        Fault::Respells => ("writes what is not edited in its usual spelling", PARTS),
        Fault::Moves => ("moves an entry that it edits to the end", PARTS),
        Fault::Swallows => ("takes a record that is cut for an empty one", PARTS),
        Fault::Panics => ("panics over an entry that is cut", PARTS),
        Fault::Recurses => ("calls itself for each value in another", PARTS),
        Fault::Counts => ("makes room for as many entries as a number says", PARTS),
        Fault::Misnames => (
            "does not name the field of an error",
            "errors_in_records_name_the_field",
        ),
        Fault::None => (
            "loses a header of owned frames",
            "vectors_match_their_expectations",
        ),
    };
    let hooks = if matches!(fault, Fault::None) {
        Hooks {
            owned_headers: |frame, out| {
                let headers = meshwire::Command::header_map(frame)?;
                let but_one = headers.len().saturating_sub(1);
                for (key, value) in headers.iter().take(but_one) {
                    out.pair(key, value);
                }
                Ok(())
            },
            ..Hooks::HONEST
        }
    } else {
        Hooks {
            part: fault,
            ..Hooks::HONEST
        }
    };
    Saboteur {
        does,
        refused_by,
        says,
        hooks,
    }
}

const PARTS: &str = "damaged_parts_are_survived";
