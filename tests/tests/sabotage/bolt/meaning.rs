//! What a frame means.

use ::bolt::Bolt;
use meshwire::command::Timeout;
use meshwire::{Command, MessageKind, View};

use super::HONEST;
use crate::group::Saboteur;
use crate::wrapper::Hooks;

pub(super) static SABOTEURS: &[Saboteur<Bolt>] = &[
    Saboteur {
        does: "counts timeouts in seconds",
        refused_by: "vectors_match_their_expectations",
        says: "the timeout is 3000000, the bytes say 3000",
        hooks: Hooks {
            timeout: |view| seconds(view),
            owned_timeout: |frame| seconds(frame),
            ..HONEST
        },
    },
    Saboteur {
        does: "counts the timeouts of owned frames in seconds",
        refused_by: "vectors_match_their_expectations",
        says: "owned frame and view differ: timeout: expected 3000, got 3000000",
        hooks: Hooks {
            owned_timeout: |frame| seconds(frame),
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a one-way call for one that waits",
        refused_by: "vectors_match_their_expectations",
        says: "kind: expected \"oneway\", got \"request\"",
        hooks: Hooks {
            kind: |view| waiting(view.kind()),
            owned_kind: |frame| waiting(frame.kind()),
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a heartbeat for a call",
        refused_by: "vectors_match_their_expectations",
        says: "kind: expected \"heartbeat\", got \"request\"",
        hooks: Hooks {
            kind: |view| without_heartbeats(view.kind()),
            owned_kind: |frame| without_heartbeats(frame.kind()),
            ..HONEST
        },
    },
    Saboteur {
        does: "swallows the error of headers that cannot be read",
        refused_by: "bad_vectors_are_rejected_as_stated",
        says: "header_overrun: `decode` returns \"malformed: BoltRequest.headers[0].key at byte 22: 255 bytes announced, 4 left in the region\", `parse` \"a frame\"",
        hooks: Hooks {
            headers: |view, out| {
                // Those before the damage are there.
                let _ = view.write_headers(out);
                Ok(())
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "panics over headers that are not text",
        refused_by: "flipped_bits_are_survived",
        says: "panicked, see above: a header is not text",
        hooks: Hooks {
            headers: |view, out| {
                let headers = view.header_map()?;
                for (key, value) in headers.iter() {
                    let is_text = str::from_utf8(key).is_ok() && str::from_utf8(value).is_ok();
                    assert!(is_text, "a header is not text");
                }
                view.write_headers(out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "panics over a combination of bytes that no single bit makes",
        refused_by: "random_bytes_are_survived",
        says: "panicked, see above: what version is that?",
        hooks: Hooks {
            kind: |view| match view.raw() {
                [_, _, _, _, version, _, _, _, _, codec, ..] if *version > 1 && *codec > 1 => {
                    panic!("what version is that?")
                }
                _ => view.kind(),
            },
            ..HONEST
        },
    },
];

const fn waiting(kind: MessageKind) -> MessageKind {
    match kind {
        MessageKind::OneWay => MessageKind::Request,
        kind => kind,
    }
}

const fn without_heartbeats(kind: MessageKind) -> MessageKind {
    match kind {
        MessageKind::Heartbeat => MessageKind::Request,
        kind => kind,
    }
}

fn seconds(command: &impl Command) -> Timeout {
    let timeout = command.as_request().map(meshwire::Request::timeout);
    match timeout {
        Some(Timeout::Millis(seconds)) => Timeout::from_millis(i64::from(seconds) * 1000),
        timeout => timeout.unwrap_or(Timeout::Unset),
    }
}
