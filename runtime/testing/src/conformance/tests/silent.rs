//! A protocol that has no answer to some of its requests.

use std::panic::catch_unwind;

use crate::conformance;
use meshwire::command::{Command, HostStatus, Message};
use meshwire::frame::Template;
use meshwire::protocol::{Codec, Hijacker, ProtocolContext};
use meshwire::{Bytes, Frame, Len, protocol};

/// 1 asks, 2 answers, and 3 asks for messages that come one day, so that no status says it has failed.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2))]
pub(crate) struct Note {
    #[frame(tag(1, 2, 3))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u8,
    #[frame(len_of = body)]
    length: Len<u16>,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-silent", frames(Note), hijacker = custom, keep_alive = none)]
pub(crate) struct Silent;

impl Hijacker for Silent {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &SilentView<'_>,
        reason: HostStatus,
    ) -> Option<SilentFrame> {
        let SilentView::Note(note) = request;
        if note.kind() == 3 {
            return None;
        }
        let mut answer = Self::template_for(request, Template::Response)?;
        context.ok(answer.set_id(request.id()))?;
        context.ok(answer.set_status((reason != HostStatus::OK).into()))?;
        Some(answer)
    }
}

conformance!(Silent, "src/conformance/tests/silent", allocator = none);

const UNSAID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/unsaid");

#[test]
fn a_vector_has_to_say_that_there_is_no_answer() {
    let panic = catch_unwind(|| {
        conformance::requests_are_answered_for_every_reason::<Silent>(UNSAID);
    });
    let panic = panic.unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    for line in [
        "unsaid: reason 200: no answer, and the vector has no `hijack=none`",
        "answered: reason 200: the answer is 02000000070000",
    ] {
        assert!(text.contains(line), "{line}\nis not in\n{text}");
    }
}

const STATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/stated");

#[test]
fn an_answer_has_the_status_that_the_vector_states() {
    let panic = catch_unwind(|| {
        conformance::requests_are_answered_for_every_reason::<Silent>(STATED);
    });
    let panic = panic.unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(
        text.contains("wrong: hijack 504: expected status 9, got status 1"),
        "{text}"
    );
    assert!(!text.contains("hijack 200"), "{text}");
}
