//! How a frame is written, with edits and without.

use ::bolt::{Bolt, BoltFrame, BoltView};
use meshwire::{Bytes, Codec, Command, Edits, Error, HeaderMap, Message, Verdict, View};

use super::HONEST;
use crate::group::Saboteur;
use crate::wrapper::Hooks;

/// Writes other headers than a host hands back.
macro_rules! with_headers {
    ($change:ident) => {
        Hooks {
            rewrite: |view, edits, out| rewrite_headers(view, edits, out, $change),
            set_headers: |frame, headers| frame.set_headers($change(&headers)),
            ..HONEST
        }
    };
}

pub(super) static SABOTEURS: &[Saboteur<Bolt>] = &[
    Saboteur {
        does: "sorts the headers that a host hands back",
        refused_by: "an_unedited_frame_is_unchanged",
        says: "call: rewritten: 45 bytes, expected 45; they differ from byte 27",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let headers = edits
                    .headers
                    .map(|headers| sorted(&headers.iter().collect()));
                let headers = headers.as_ref().map(HeaderMap::as_headers);
                view.rewrite(&Edits { headers, ..*edits }, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "writes a new id one byte too far",
        refused_by: "a_new_id_changes_nothing_else",
        says: "with id 0x0: 33 bytes, expected 33; they differ from byte 9 on",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let start = out.len();
                view.rewrite(&without_id(edits), out)?;
                let id = edits.id.unwrap_or(view.id()) as u32;
                out[start + 6..start + 10].copy_from_slice(&id.to_be_bytes());
                Ok(())
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "cuts an id that is too wide for its field",
        refused_by: "a_new_id_changes_nothing_else",
        says: "is too wide, the view says none, the owned frame none",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let id = edits.id.map(|id| id & 0xffff_ffff);
                view.rewrite(&Edits { id, ..*edits }, out)
            },
            set_id: |frame, id| frame.set_id(id & 0xffff_ffff),
            ..HONEST
        },
    },
    Saboteur {
        does: "loses the last header of an edit",
        refused_by: "edited_headers_arrive",
        says: "{\"k\": \"v\"} arrived, {\"k\": \"v\", \"x-added\": \"1\"} was sent",
        hooks: with_headers!(without_last),
    },
    Saboteur {
        does: "writes the first header of an edit twice",
        refused_by: "edited_headers_arrive",
        says: "{\"k\": \"v\", \"k\": \"v\", \"x-added\": \"1\"} arrived, {\"k\": \"v\", \"x-added\": \"1\"} was sent",
        hooks: with_headers!(doubled),
    },
    Saboteur {
        does: "writes the headers of an edit in another order",
        refused_by: "edited_headers_arrive",
        says: "{\"a\": \"2\", \"x-added\": \"1\", \"z\": \"1\"} arrived, {\"z\": \"1\", \"a\": \"2\", \"x-added\": \"1\"} was sent",
        hooks: with_headers!(sorted),
    },
    Saboteur {
        does: "loses the body when headers are edited",
        refused_by: "edited_headers_arrive",
        says: "headers with one more: field `body_len`: 4 bytes, expected 4",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let body = edits.headers.map(|_| &b""[..]).or(edits.body);
                view.rewrite(&Edits { body, ..*edits }, out)
            },
            set_headers: |frame, headers| {
                frame.set_body(Bytes::new())?;
                frame.set_headers(headers)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "keeps the body that came",
        refused_by: "a_replaced_body_arrives",
        says: "a body of 0 bytes: body: 2 bytes, expected 0",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                view.rewrite(
                    &Edits {
                        body: None,
                        ..*edits
                    },
                    out,
                )
            },
            set_body: |_, _| Ok(()),
            ..HONEST
        },
    },
    Saboteur {
        does: "cuts a long body",
        refused_by: "a_replaced_body_arrives",
        says: "a body of 65536 bytes: body: 65535 bytes, expected 65536",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let body = edits.body.map(|body| &body[..body.len().min(0xffff)]);
                view.rewrite(&Edits { body, ..*edits }, out)
            },
            set_body: |frame, body| frame.set_body(body.slice(..body.len().min(0xffff))),
            ..HONEST
        },
    },
    Saboteur {
        does: "resets the serialization of what is edited",
        refused_by: "edited_headers_arrive",
        says: "headers with one more: the bytes of view and owned frame differ",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let start = out.len();
                view.rewrite(edits, out)?;
                if has_other_headers(view, edits) {
                    out[start + 9] = 1;
                }
                Ok(())
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "swallows the error of an edit, and writes the frame as it came",
        refused_by: "a_replaced_body_arrives",
        says: "the owned frame \"BoltResponse.body at byte 20: 16777247 bytes announced, the limit is 16777216\"",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let written = view.rewrite(edits, out);
                written.or_else(|_| view.rewrite(&Edits::default(), out))
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "writes the names of headers in lower case",
        refused_by: "edited_headers_arrive",
        says: "{\"k\": \"v\", \"x-mixed\": \"1\"} arrived, {\"k\": \"v\", \"X-Mixed\": \"1\"} was sent",
        hooks: with_headers!(in_lower_case),
    },
    Saboteur {
        does: "makes two headers of a value with a line break",
        refused_by: "edited_headers_arrive",
        says: "headers with a value that looks like another header: ",
        hooks: with_headers!(at_lines),
    },
    Saboteur {
        does: "trims the values of headers",
        refused_by: "edited_headers_arrive",
        says: "{\"k\": \"v\", \"x-spaces\": \"1\"} arrived, {\"k\": \"v\", \"x-spaces\": \" 1 \"} was sent",
        hooks: with_headers!(trimmed),
    },
    Saboteur {
        does: "ends a body at its first zero",
        refused_by: "a_replaced_body_arrives",
        says: "a body of 2 bytes: body: 1 bytes, expected 2",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let body = edits.body.map(up_to_zero);
                view.rewrite(&Edits { body, ..*edits }, out)
            },
            set_body: |frame, body| frame.set_body(Bytes::copy_from_slice(up_to_zero(&body))),
            ..HONEST
        },
    },
    Saboteur {
        does: "forgets a new body beside new headers",
        refused_by: "combined_edits_equal_single_edits",
        says: "a header and a body at once: written: 49 bytes, expected 59",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let body = edits.body.filter(|_| !has_other_headers(view, edits));
                view.rewrite(&Edits { body, ..*edits }, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "forgets a new id beside new headers",
        refused_by: "combined_edits_equal_single_edits",
        says: "an id and a header at once: written: 49 bytes, expected 49; they differ from byte 8 on",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                let id = edits.id.filter(|_| !has_other_headers(view, edits));
                view.rewrite(&Edits { id, ..*edits }, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "leaves a byte in the buffer when an edit is refused",
        refused_by: "a_new_id_changes_nothing_else",
        says: "and the buffer holds 6265666f726500",
        hooks: Hooks {
            rewrite: |view, edits, out| view.rewrite(edits, out).inspect_err(|_| out.push(0)),
            ..HONEST
        },
    },
    Saboteur {
        does: "clears the buffer that it shall append to",
        refused_by: "owned_frames_keep_every_byte",
        says: "encoded after other bytes: 33 bytes, expected 39",
        hooks: Hooks {
            encode: |frame, out| {
                out.clear();
                frame.encode(out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "forgets the head in the length that it announces for an encode",
        refused_by: "vectors_match_their_expectations",
        says: "the encoded length is 11 for 33 bytes",
        hooks: Hooks {
            encoded_len: |frame| Ok(frame.encoded_len()? - HEAD),
            ..HONEST
        },
    },
    Saboteur {
        does: "loses headers in the owned frame",
        refused_by: "owned_frames_keep_every_byte",
        says: "encoded: 23 bytes, expected 33",
        hooks: Hooks {
            decode: |bytes| {
                Bolt::decode(bytes).and_then(|mut frame| {
                    frame.set_headers(without_last(&frame.header_map()?))?;
                    Ok(frame)
                })
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "says that all headers are those that came",
        refused_by: "the_host_forwards_every_frame",
        says: "forwarded with headers all removed: 33 bytes, expected 23",
        hooks: Hooks {
            header_block: |_| Some(&[]),
            ..HONEST
        },
    },
    Saboteur {
        does: "drops headers without a value when headers are edited",
        refused_by: "unknown_bytes_survive_edits",
        says: "has no meaning: with one more header it is lost or changed",
        hooks: Hooks {
            rewrite: |view, edits, out| match edits.headers {
                Some(wanted) if !view.header_map()?.as_headers().same(&wanted) => {
                    let mut frame = owned(view);
                    set_nothing_but(&mut frame, wanted.iter().collect());
                    frame.set_id(edits.id.unwrap_or(view.id()))?;
                    frame.set_body(Bytes::copy_from_slice(edits.body.unwrap_or(view.body())))?;
                    frame.encode(out)
                }
                _ => view.rewrite(edits, out),
            },
            set_headers: |frame, headers| {
                if frame.header_map()? != headers {
                    set_nothing_but(frame, headers);
                }
                Ok(())
            },
            ..HONEST
        },
    },
];

/// The bytes of a head.
const HEAD: usize = 22;

fn sorted(headers: &HeaderMap) -> HeaderMap {
    let mut pairs: Vec<_> = headers.iter().collect();
    pairs.sort_unstable();
    pairs.into_iter().collect()
}

fn without_last(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.len().saturating_sub(1);
    headers.iter().take(kept).collect()
}

fn doubled(headers: &HeaderMap) -> HeaderMap {
    headers.iter().take(1).chain(headers.iter()).collect()
}

/// Rewrites a frame with other headers than those that are wanted, if they are others than came.
fn rewrite_headers(
    view: &BoltView<'_>,
    edits: &Edits<'_>,
    out: &mut Vec<u8>,
    change: fn(&HeaderMap) -> HeaderMap,
) -> Result<(), Error> {
    let came = view.header_map()?;
    let wanted = edits
        .headers
        .map(|wanted| wanted.iter().collect::<HeaderMap>());
    let changed = wanted
        .filter(|wanted| *wanted != came)
        .map(|wanted| change(&wanted));
    match changed {
        Some(changed) => view.rewrite(
            &Edits {
                headers: Some(changed.as_headers()),
                ..*edits
            },
            out,
        ),
        None => view.rewrite(edits, out),
    }
}

fn owned(view: &BoltView<'_>) -> BoltFrame {
    match Bolt::decode(&Bytes::copy_from_slice(view.raw())) {
        Verdict::Frame(frame) => frame,
        _ => unreachable!("a view without headers that are malformed"),
    }
}

/// Sets headers and keeps nothing of those that came.
fn set_nothing_but(frame: &mut BoltFrame, headers: HeaderMap) {
    match frame {
        BoltFrame::BoltRequest(request) => request.headers = headers,
        BoltFrame::BoltResponse(response) => response.headers = headers,
    }
}

fn without_id<'e>(edits: &Edits<'e>) -> Edits<'e> {
    Edits { id: None, ..*edits }
}

fn in_lower_case(headers: &HeaderMap) -> HeaderMap {
    let lower = |(key, value): (&[u8], &[u8])| (key.to_ascii_lowercase(), value.to_vec());
    headers.iter().map(lower).collect()
}

fn trimmed(headers: &HeaderMap) -> HeaderMap {
    let pairs = headers.iter();
    pairs
        .map(|(key, value)| (key, value.trim_ascii()))
        .collect()
}

/// One header for each line of a value.
fn at_lines(headers: &HeaderMap) -> HeaderMap {
    let lines = |value| <[u8]>::split(value, |byte| *byte == b'\n');
    let pairs = headers.iter();
    let pairs = pairs.flat_map(|(key, value)| lines(value).map(move |line| (key, line)));
    pairs.collect()
}

fn up_to_zero(body: &[u8]) -> &[u8] {
    body.split(|byte| *byte == 0).next().unwrap_or(body)
}

/// Whether the headers of an edit are not those that came.
fn has_other_headers(view: &BoltView<'_>, edits: &Edits<'_>) -> bool {
    let Ok(came) = view.header_map() else {
        return false;
    };
    let wanted = edits.headers;
    wanted.is_some_and(|wanted| !came.as_headers().same(&wanted))
}
