//! The layout language, piece by piece: frames declared here, with bytes derived by hand from the
//! declaration beside them.

#![allow(
    missing_docs,
    unreachable_pub,
    reason = "frames are as a crate of an author has them"
)]

mod bits;
mod checksums;
mod conditional;
mod contended;
mod echoes;
mod entries;
mod formats;
mod forms;
mod halves;
mod headers;
mod id_copy;
mod ids;
mod inputs;
mod kept;
mod kinds;
mod lean;
mod lean_ids;
mod lean_later;
mod lengths;
mod literals;
mod liveness;
mod local;
mod marks;
mod mesh;
mod narrow;
mod nullable;
mod overlap;
mod paths;
mod payload_codec;
mod records;
mod records_enum;
mod records_jce;
mod records_json;
mod records_kinds;
mod records_owned;
mod records_xml;
mod root;
mod runs;
mod sender;
mod silence;
mod statuses;
mod tags;
mod trailers;
mod units;
mod varints;
mod verbatim;
mod widths;

use core::fmt::Debug;

use meshwire::wire::Reason;
use meshwire::{Bytes, Edits, Error, Frame, HeaderMap, Message, Verdict, View};

/// The bytes are this frame, the frame is these bytes, and no byte less will do.
#[track_caller]
fn assert_same<F: Frame + Message + Debug + PartialEq>(bytes: &[u8], frame: &F) {
    let decoded = F::decode(&Bytes::copy_from_slice(bytes)).frame();
    assert_eq!(decoded.as_ref(), Some(frame), "decoded");
    assert_eq!(frame.to_bytes().as_deref(), Ok(bytes), "encoded");
    assert_eq!(frame.encoded_len(), Ok(bytes.len()));
    for cut in 0..bytes.len() {
        let verdict = F::measure(&bytes[..cut]);
        let enough = bytes.len() - cut;
        assert!(
            matches!(verdict, Verdict::NeedMore(more) if (1..=enough).contains(&more)),
            "cut at {cut}: {verdict:?}"
        );
    }
}

/// The bytes are refused for this field, at this byte, for this reason.
#[track_caller]
fn assert_malformed<F: Frame>(bytes: &[u8], field: &str, at: usize, reason: Reason) {
    match F::measure(bytes) {
        Verdict::Malformed(error) => assert_error(error, field, at, reason),
        verdict => panic!("{verdict:?}"),
    }
}

#[track_caller]
fn assert_error(error: Error, field: &str, at: usize, reason: Reason) {
    let got = (error.field(), error.offset(), error.reason());
    assert_eq!(got, (field, at, reason));
}

/// A frame with other headers, by the view and by the owned frame.
#[track_caller]
fn with<F: Frame + Message>(bytes: &'static [u8], map: &HeaderMap) -> Result<Vec<u8>, Error> {
    let edits = Edits {
        headers: Some(map.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    let view = F::parse(bytes).frame().unwrap();
    let by_view = view.rewrite(&edits, &mut out).map(|()| out);
    let mut owned = F::decode(&Bytes::from_static(bytes)).frame().unwrap();
    let set = owned.set_headers(map.clone());
    let by_owned = set.and_then(|()| owned.to_bytes().map(|bytes| bytes.to_vec()));
    assert_eq!(by_view, by_owned, "{map:?}");
    by_view
}

/// The same with these pairs.
#[track_caller]
fn with_pairs<F: Frame + Message>(
    bytes: &'static [u8],
    pairs: &[(&str, &str)],
) -> Result<Vec<u8>, Error> {
    with::<F>(bytes, &pairs.iter().copied().collect())
}

/// Numbers that look random, the same in each run.
fn numbers() -> impl FnMut() -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}
