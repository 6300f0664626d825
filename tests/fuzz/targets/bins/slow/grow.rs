//! Inputs of 64 KiB out of a few bytes.

use fuzz_targets::input::Input;
use meshwire::frame::FieldRole;
use meshwire::wire::Reason;
use meshwire::{Plugin, Verdict};
use meshwire_testing::dissect::{Dissection, Span};

/// How large inputs get.
const SIZE: usize = 64 * 1024;

/// A frame in which some bytes are repeated until it has 64 KiB, with lengths and checksums that fit as far as its
/// layout knows them; or such a frame again and again.
pub(super) fn input<P: Plugin>(input: &mut Input<'_>) -> Vec<u8> {
    let (whole, at, len) = (
        input.byte(),
        usize::from(input.short()),
        usize::from(input.byte()),
    );
    let mut frame = input.rest().to_vec();
    frame.truncate(SIZE);
    if whole == 0 {
        return frame.repeat((SIZE / frame.len().max(1)).max(1));
    }
    let at = at.min(frame.len());
    let unit = frame[at..(at + len).min(frame.len())].to_vec();
    let copies = SIZE.saturating_sub(frame.len()).checked_div(unit.len());
    let added = unit.repeat(copies.unwrap_or(0));
    let lengths = lengths::<P>(&frame, at);
    frame.splice(at..at, added.iter().copied());
    for length in lengths {
        let number = length.number(&frame).unwrap_or(0);
        frame = length.with(&frame, number.wrapping_add(added.len() as u64));
    }
    checked::<P>(frame)
}

/// The lengths that say how long something around a byte is.
fn lengths<P: Plugin>(frame: &[u8], at: usize) -> Vec<Span> {
    let Some(fields) = Dissection::of(P::LAYOUTS, frame, None) else {
        return Vec::new();
    };
    let around = |span: &&Span| span.is_part() && span.at <= at && at <= span.at + span.size;
    let Some(part) = fields.spans.iter().find(around) else {
        return Vec::new();
    };
    let follow = fields
        .follow(part)
        .filter(|span| span.role == FieldRole::Length);
    let lengths = fields.len_of(part).into_iter().chain(follow);
    // Those after it have moved, and varints may grow.
    lengths
        .filter(|span| span.at < at && !span.is_varint())
        .copied()
        .collect()
}

/// The frame with the checksum that the codec wants.
fn checked<P: Plugin>(frame: Vec<u8>) -> Vec<u8> {
    let Verdict::Malformed(error) = P::parse(&frame) else {
        return frame;
    };
    let Reason::Checksum { wanted, .. } = error.reason() else {
        return frame;
    };
    let fields = Dissection::of(P::LAYOUTS, &frame, None);
    let sum = fields
        .as_ref()
        .and_then(|fields| fields.role(FieldRole::Checksum));
    sum.map_or(frame.clone(), |sum| sum.with(&frame, wanted))
}
