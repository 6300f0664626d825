//! Each protocol of `examples/` read and passed on by hand, for this one protocol and for speed: what generated code is
//! held against. A file for each: a parser, what writes another id, and which frame it is measured with.
//!
//! Both sides give the same [`Facts`] of every good vector, and make the checks that keep two readers of a frame from
//! taking it for two different ones: every length within those around it and within the limits of the declaration; the
//! magic, the version, the type; in metadata with keys, all of it: every entry is well-formed and has its declared type,
//! and none is there twice where readers differ in which one counts. A parser of one format needs to read the rest of the
//! metadata for that, not only up to the last field that it wants. What a side needs not say is what is wrong.

#![allow(
    clippy::inline_always,
    clippy::option_option,
    reason = "a parser for one protocol, for speed"
)]

mod baidu_std;
mod bcbc;
mod bolt;
mod boltv2;
mod crpc;
mod diameter;
mod dubbo;
mod iso8583;
mod kafka;
mod memcached;
mod motan2;
mod proto;
mod rocketmq;
mod smpp;
mod someip;
mod tars;
mod thrift;
mod trpc;
mod ttheader;
mod xml8;

use std::ops::Range;

use meshwire::MessageKind;

use crate::rows::Rows;

/// The largest frame where a declaration names none.
const MAX: usize = 16 * 1024 * 1024;

/// What a host wants of any frame before anything else. All that is in it has been checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    /// Bytes of the frame.
    pub(crate) length: usize,
    /// What it is.
    pub(crate) kind: MessageKind,
    /// Its correlation id, as a number.
    pub(crate) id: u64,
    /// How the call ended, of a response; 0 of others.
    pub(crate) status: i64,
    /// Where the body is.
    pub(crate) body: Range<usize>,
    /// Where the id is, for the side by hand. Not compared.
    pub(crate) id_at: Range<usize>,
}

/// Appends a frame as it came but for another id. `None` if the frame cannot have it.
pub(crate) type PassOn = fn(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()>;

/// How the call ended, if it is an answer that says so.
#[inline(always)]
fn answered<N: TryInto<i64>>(kind: MessageKind, status: impl FnOnce() -> Option<N>) -> i64 {
    match kind {
        MessageKind::Response => status()
            .and_then(|status| status.try_into().ok())
            .unwrap_or(0),
        _ => 0,
    }
}

/// With an id of four bytes, big-endian, in its place.
fn pass_u32(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    let id = u32::try_from(id).ok()?;
    patch(frame, facts, &id.to_be_bytes(), out)
}

/// With an id of eight bytes, big-endian, in its place.
fn pass_u64(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    patch(frame, facts, &id.to_be_bytes(), out)
}

/// With an id of as many bytes as before.
#[inline(always)]
fn patch<const N: usize>(
    frame: &[u8],
    facts: &Facts,
    id: &[u8; N],
    out: &mut Vec<u8>,
) -> Option<()> {
    let start = out.len();
    out.extend_from_slice(frame);
    let place = out.get_mut(start + facts.id_at.start..)?;
    *place.first_chunk_mut()? = *id;
    Some(())
}

/// With an id of any size, in one piece after the other: the lengths are to be written by the caller.
#[inline(always)]
fn splice(frame: &[u8], facts: &Facts, id: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.reserve(frame.len() + id.len());
    out.extend_from_slice(frame.get(..facts.id_at.start)?);
    out.extend_from_slice(id);
    out.extend_from_slice(frame.get(facts.id_at.end..)?);
    Some(())
}

/// Adds to a number of four bytes, big-endian, in what has been appended from `start` on.
#[inline(always)]
fn add(out: &mut [u8], at: usize, more: usize) -> Option<()> {
    let place = out.get_mut(at..)?.first_chunk_mut()?;
    *place = u32::from_be_bytes(*place)
        .wrapping_add(more as u32)
        .to_be_bytes();
    Some(())
}

/// Measures all protocols, in the order of their names.
pub(crate) fn all(rows: &mut Rows) {
    baidu_std::measure(rows);
    bcbc::measure(rows);
    bolt::measure(rows);
    boltv2::measure(rows);
    crpc::measure(rows);
    diameter::measure(rows);
    dubbo::measure(rows);
    iso8583::measure(rows);
    kafka::measure(rows);
    memcached::measure(rows);
    motan2::measure(rows);
    rocketmq::measure(rows);
    smpp::measure(rows);
    someip::measure(rows);
    tars::measure(rows);
    thrift::measure(rows);
    trpc::measure(rows);
    ttheader::measure(rows);
    xml8::measure(rows);
}

/// `N` bytes at a place.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A number of four bytes, big-endian.
fn word(bytes: &[u8], at: usize) -> Option<usize> {
    array(bytes, at).map(|word| u32::from_be_bytes(word) as usize)
}
