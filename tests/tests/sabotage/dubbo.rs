//! Saboteurs over dubbo.

use std::cell::Cell;
use std::thread::LocalKey;

use ::dubbo::{Dubbo, DubboFrame};
use meshwire::command::Timeout;
use meshwire::frame::HeaderWriter;
use meshwire::{Command, Error, Hijacker, HostStatus, KeepAlive};

use crate::group::{Group, Saboteur};
use crate::wrapper::{Base, Hooks};

thread_local! {
    static HOOKS: Cell<&'static Hooks<Dubbo>> = const { Cell::new(&Hooks::HONEST) };
}

impl Base for Dubbo {
    fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
        &HOOKS
    }
}

pub(crate) const GROUP: Group<Dubbo> = Group {
    over: "dubbo",
    vectors: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sabotage/vectors/dubbo"),
    saboteurs: &[SABOTEURS],
};

const HONEST: Hooks<Dubbo> = Hooks::HONEST;

static SABOTEURS: &[Saboteur<Dubbo>] = &[
    Saboteur {
        does: "answers every call that comes to nothing as if it went well",
        refused_by: "requests_are_answered_for_every_reason",
        says: "the status is 20, that of success",
        hooks: Hooks {
            hijack: |context, request, _| Dubbo::hijack(context, request, HostStatus::OK),
            ..HONEST
        },
    },
    Saboteur {
        does: "does not answer a call",
        refused_by: "requests_are_answered_for_every_reason",
        says: "no answer, and the vector has no `hijack=none`",
        hooks: Hooks {
            hijack: |_, _, _| None,
            ..HONEST
        },
    },
    Saboteur {
        does: "does not read the timeout among the attachments",
        refused_by: "vectors_match_their_expectations",
        says: "timeout: expected 2500, got 0",
        hooks: Hooks {
            timeout: |_| Timeout::Unset,
            owned_timeout: |_| Timeout::Unset,
            ..HONEST
        },
    },
    Saboteur {
        does: "answers a heartbeat with the answer to a call",
        refused_by: "heartbeats_are_answered",
        says: "is a response of id 3 and 17 bytes, expected a heartbeat-ack of id 3",
        hooks: Hooks {
            reply: |context, event| {
                let mut answer = Dubbo::reply(context, event)?;
                if let DubboFrame::DubboResponse(answer) = &mut answer {
                    answer.event = 0;
                }
                Some(answer)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "has no headers in an answer",
        refused_by: "vectors_match_their_expectations",
        says: "headers: expected 2, got 0; header `dubbo`: expected `2.0.2`, got none",
        hooks: Hooks {
            headers: |view, out| headers_of_calls(view, out),
            owned_headers: |frame, out| headers_of_calls(frame, out),
            ..HONEST
        },
    },
];

fn headers_of_calls(frame: &impl Command, out: &mut HeaderWriter<'_>) -> Result<(), Error> {
    if frame.kind().is_request() {
        return frame.write_headers(out);
    }
    Ok(())
}
