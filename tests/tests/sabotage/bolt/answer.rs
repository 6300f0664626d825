//! What is answered, and to whom.

use ::bolt::Bolt;
use meshwire::{
    Codec, Command, Hijacker, HostStatus, KeepAlive, Message, MessageKind, Protocol, Template, View,
};

use super::{HONEST, KEPT};
use crate::group::Saboteur;
use crate::wrapper::Hooks;

pub(super) static SABOTEURS: &[Saboteur<Bolt>] = &[
    Saboteur {
        does: "does not answer heartbeats",
        refused_by: "heartbeats_are_answered",
        says: "no answer; add `reply=none` if the protocol has none",
        hooks: Hooks {
            reply: |_, _| None,
            ..HONEST
        },
    },
    Saboteur {
        does: "answers heartbeats with the answer to a call",
        refused_by: "heartbeats_are_answered",
        says: "is a response of id 5 and 20 bytes, expected a heartbeat-ack of id 5",
        hooks: Hooks {
            reply: |_, _| Bolt::template(Template::Response),
            ..HONEST
        },
    },
    Saboteur {
        does: "answers heartbeats with the status of a failure",
        refused_by: "heartbeats_are_answered",
        says: "the status of the answer is 9, expected 0",
        hooks: Hooks {
            reply: |context, heartbeat| {
                let mut answer = Bolt::reply(context, heartbeat)?;
                answer.set_status(9).ok()?;
                Some(answer)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "answers heartbeats with an id of its own",
        refused_by: "heartbeats_are_answered",
        says: "is a heartbeat-ack of id 0 and 20 bytes, expected a heartbeat-ack of id 5",
        hooks: Hooks {
            set_id: |frame, id| match frame.kind() {
                MessageKind::HeartbeatAck => frame.set_id(0),
                _ => frame.set_id(id),
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "makes all heartbeats with id 0",
        refused_by: "idle_connections_get_heartbeats",
        says: "is a heartbeat of id 0 and 22 bytes, expected a heartbeat of id 1",
        hooks: Hooks {
            set_id: |frame, id| match frame.kind() {
                MessageKind::Heartbeat => frame.set_id(0),
                _ => frame.set_id(id),
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "makes calls for heartbeats",
        refused_by: "idle_connections_get_heartbeats",
        says: "is a request of id 1 and 22 bytes, expected a heartbeat of id 1",
        hooks: Hooks {
            keep_alive: |_, _| Bolt::template(Template::Request),
            ..HONEST
        },
    },
    Saboteur {
        does: "has heartbeats, but none when it is asked whether it has",
        refused_by: "idle_connections_get_heartbeats",
        says: "the plugin reports false, the protocol true",
        hooks: Hooks {
            keep_alive: |context, id| Bolt::keep_alive(context, id).filter(|_| id > 0),
            ..HONEST
        },
    },
    Saboteur {
        does: "keeps the status of an answer at its default",
        refused_by: "requests_are_answered_for_every_reason",
        says: "the status is 0, expected 9",
        hooks: Hooks {
            set_status: |_, _| Ok(()),
            ..HONEST
        },
    },
    Saboteur {
        does: "answers a call only where its status is known",
        refused_by: "requests_are_answered_for_every_reason",
        says: "reason 999: no answer",
        hooks: Hooks {
            hijack: |context, request, reason| {
                reason.text()?;
                Bolt::hijack(context, request, reason)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "answers a call with the answer to a heartbeat",
        refused_by: "requests_are_answered_for_every_reason",
        says: "is a heartbeat-ack of id 1 and 25 bytes, expected a response of id 1",
        hooks: Hooks {
            hijack: |_, _, reason| {
                let mut answer = Bolt::template(Template::HeartbeatAck)?;
                answer.set_status(Bolt::status(reason)).ok()?;
                Some(answer)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "answers every other one-way call",
        refused_by: "requests_are_answered_for_every_reason",
        says: "oneway: reason 200: the answer is 0100",
        hooks: Hooks {
            kind: |view| match view.kind() {
                MessageKind::OneWay if toggled() => MessageKind::Request,
                kind => kind,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "swaps the answers to two calls",
        refused_by: "two_callers_with_equal_ids_get_their_own_answers",
        says: "caller 1: body: expected 12, got 13",
        hooks: Hooks {
            id: |view| match (view.kind(), view.id()) {
                (MessageKind::Response, id @ (1 | 2)) => 3 - id,
                (_, id) => id,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "shows the body of the frame before",
        refused_by: "two_callers_with_equal_ids_get_their_own_answers",
        says: "caller 1: body: expected 13, got 12",
        hooks: Hooks {
            body: |view| {
                let before = KEPT.replace(Some(view.body().to_vec()));
                before.map_or(view.body(), |before| before.leak())
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "shows the headers of a frame only once",
        refused_by: "the_envoy_filter_passes_only_checked_calls",
        says: "a call without `z`",
        hooks: Hooks {
            headers: |view, out| {
                let raw = view.raw().to_vec();
                if KEPT.replace(Some(raw.clone())) == Some(raw) {
                    return Ok(());
                }
                view.write_headers(out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "answers a call that is denied as if it went well",
        refused_by: "the_envoy_filter_denies_calls",
        says: "the status is 0, expected 2",
        hooks: Hooks {
            hijack: |context, request, reason| {
                let reason = match reason {
                    HostStatus::PERMISSION_DENIED => HostStatus::OK,
                    reason => reason,
                };
                Bolt::hijack(context, request, reason)
            },
            ..HONEST
        },
    },
];

/// Whether this is the first, the third, … time.
fn toggled() -> bool {
    let is_first = KEPT.take().is_none();
    if is_first {
        KEPT.set(Some(Vec::new()));
    }
    is_first
}
