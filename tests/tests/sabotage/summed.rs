//! Saboteurs over a small protocol whose id is in two places, under a checksum.

use std::cell::Cell;
use std::thread::LocalKey;

use meshwire::wire::Checksum;
use meshwire::{Bytes, Check, Codec, Crc32, Edits, Error, Frame, Len, Verdict, View, protocol};

use crate::group::{Group, Saboteur};
use crate::wrapper::{Base, Hooks};

/// A message of either half: the id once more before the body, and a CRC-32 over everything before it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind = 2),
    heartbeat(kind = 3),
    heartbeat_ack(kind = 4)
)]
pub(crate) struct Sum {
    #[frame(magic = 0x5355)]
    magic: u16,
    #[frame(tag(1, 2, 3, 4))]
    kind: u8,
    #[frame(status)]
    status: u8,
    #[frame(id)]
    id: u32,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    #[frame(id_copy)]
    copy: u32,
    #[frame(body)]
    body: Bytes,
    #[frame(over = ..=body)]
    crc: Check<Crc32>,
}

#[protocol(name = "x-summed", frames(Sum), status(200 => 0, _ => 9))]
pub(crate) struct Summed;

/// Where the lengths, and the copy of the id, begin.
const BODY_LEN: usize = 8;
const COPY: usize = 12;
/// Bytes of a checksum.
const CRC: usize = 4;

thread_local! {
    static HOOKS: Cell<&'static Hooks<Summed>> = const { Cell::new(&Hooks::HONEST) };
}

impl Base for Summed {
    fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
        &HOOKS
    }
}

pub(crate) const GROUP: Group<Summed> = Group {
    over: "a protocol with a checksum",
    vectors: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sabotage/vectors/summed"),
    saboteurs: &[SABOTEURS],
};

const HONEST: Hooks<Summed> = Hooks::HONEST;

static SABOTEURS: &[Saboteur<Summed>] = &[
    Saboteur {
        does: "leaves the old id in its second place",
        refused_by: "a_new_id_changes_nothing_else",
        says: "with id 0x0: 22 bytes, expected 22; they differ from byte 15",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                patched(view, edits, out, |frame, came| {
                    frame[COPY..COPY + 4].copy_from_slice(&came[COPY..COPY + 4]);
                    sum(frame);
                })
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "leaves the checksum of the frame that came",
        refused_by: "a_new_id_changes_nothing_else",
        says: "with id 0x0: 22 bytes, expected 22; they differ from byte 18 on",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                patched(view, edits, out, |frame, came| {
                    let (from, to) = (came.len() - CRC, frame.len() - CRC);
                    frame[to..].copy_from_slice(&came[from..]);
                })
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "repairs a frame whose checksum is wrong",
        refused_by: "bad_vectors_are_rejected_as_stated",
        says: "checksum: the frame is not a prefix of the bytes",
        hooks: Hooks {
            parse: |bytes| match Summed::parse(bytes) {
                Verdict::Malformed(error) if error.field() == "crc" => {
                    let mut frame = bytes.to_vec();
                    sum(&mut frame);
                    Summed::parse(frame.leak())
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "announces one byte less than the body has",
        refused_by: "a_replaced_body_arrives",
        says: "the bytes of view and owned frame differ",
        hooks: Hooks {
            rewrite: |view, edits, out| {
                patched(view, edits, out, |frame, came| {
                    if frame.len() > came.len() {
                        frame[BODY_LEN + 3] = frame[BODY_LEN + 3].wrapping_sub(1);
                        sum(frame);
                    }
                })
            },
            ..HONEST
        },
    },
];

/// Writes a frame again, and does something to what was written, with the frame that came at hand.
fn patched(
    view: &SummedView<'_>,
    edits: &Edits<'_>,
    out: &mut Vec<u8>,
    patch: fn(&mut [u8], &[u8]),
) -> Result<(), Error> {
    let start = out.len();
    view.rewrite(edits, out)?;
    patch(&mut out[start..], view.raw());
    Ok(())
}

/// Puts the checksum in order.
fn sum(frame: &mut [u8]) {
    let (covered, crc) = frame.split_at_mut(frame.len() - CRC);
    crc.copy_from_slice(&Crc32::of(covered).to_be_bytes());
}
