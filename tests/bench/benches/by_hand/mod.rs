//! Each protocol of `examples/` read by hand, with care, for this one protocol: what generated code is
//! held against. A file for each: a parser of some ten lines, and which frame it is measured with.

mod baidu_std;
mod bcbc;
mod bolt;
mod boltv2;
mod crpc;
mod dubbo;
mod memcached;
mod motan2;
mod rocketmq;
mod tars;
mod thrift;
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
    /// Where the body is.
    pub(crate) body: Range<usize>,
}

/// Measures all protocols, in the order of their names.
pub(crate) fn all(rows: &mut Rows) {
    baidu_std::measure(rows);
    bcbc::measure(rows);
    bolt::measure(rows);
    boltv2::measure(rows);
    crpc::measure(rows);
    dubbo::measure(rows);
    memcached::measure(rows);
    motan2::measure(rows);
    rocketmq::measure(rows);
    tars::measure(rows);
    thrift::measure(rows);
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
