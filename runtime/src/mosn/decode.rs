//! One decode: the metadata of the frame at the start of a connection's bytes.

use super::message::Decoded;
use super::settings::Settings;
use super::{Host, narrow};
use crate::command::{Command, MessageKind};
use crate::frame::{Verdict, View};
use crate::protocol::{BodyMode, Plugin};
use crate::wire::{Endian, Int, Reason, Slot};

/// The setting `max_frame`, as the field of an error.
static MAX_FRAME: Slot = Slot::first("settings", "max_frame", 0, Endian::Big);

/// Decodes the frame at the front of `input` and writes what the host shall know of it; how many
/// bytes the frame has.
pub(super) fn describe<P: Plugin>(
    host: &dyn Host,
    input: &[u8],
    settings: &Settings,
    out: &mut Vec<u8>,
) -> Verdict<(usize, MessageKind)> {
    let max = settings.max_frame;
    let too_large = |got: usize| {
        let reason = Reason::OverLimit {
            max: max as u64,
            got: got as u64,
        };
        Verdict::Malformed(MAX_FRAME.error(reason))
    };
    let verdict = P::parse(input);
    let view = match &verdict {
        Verdict::NeedMore(more) if input.len() + more > max => {
            return too_large(input.len() + more);
        }
        Verdict::Frame(view) if view.raw().len() > max => return too_large(view.raw().len()),
        // By reference: a view that is moved is copied, field by field.
        Verdict::Frame(view) => view,
        _ => return verdict.map(|view| (view.raw().len(), view.kind())),
    };
    let (kind, drain) = (view.kind(), view.raw().len());
    let body = if settings.body == BodyMode::Hidden {
        &[]
    } else {
        view.body()
    };
    let decoded = Decoded {
        command: view,
        kind,
        id: id::<P>(host, view, kind),
        word: word(view, kind, settings),
        drain,
        body,
    };
    match decoded.write(out) {
        Ok(()) => Verdict::Frame((drain, kind)),
        Err(error) => Verdict::Malformed(error),
    }
}

/// The number that the host knows a frame by. One from a server that answers no call has a number that no call
/// has: the host drops it.
fn id<P: Plugin>(host: &dyn Host, view: &impl Command, kind: MessageKind) -> u64 {
    if view.is_verbatim() && !kind.is_request() {
        return u64::MAX;
    }
    narrow::from_wire::<P>(host, kind, view.id())
}

/// The word of a decode result that means something else for each half of a call.
pub(super) fn word(view: &impl Command, kind: MessageKind, settings: &Settings) -> u32 {
    if let Some(request) = view.as_request() {
        settings.timeout(kind, request.timeout())
    } else {
        view.as_response()
            .map_or(0, |response| response.status().pattern() as u32)
    }
}
