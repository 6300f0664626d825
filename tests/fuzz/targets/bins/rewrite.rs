//! Kept frames with another id, other headers, another body, and back: what was changed arrives, nothing else
//! is another one, and the change taken back gives the bytes that came.
//!
//! Input: the number of a protocol, a change, a frame.

#![no_main]

use core::fmt::Debug;

use fuzz_targets::edits::{Change, Edit, Facts, with};
use fuzz_targets::fields::Fields;
use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use fuzz_targets::sides::Sender;
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::{Command, Edits, HeaderMap, Plugin, Verdict, View};

fuzz_target!(|input: &[u8]| -> Corpus { over::<Rewrite>(input) });

struct Rewrite;

impl Check for Rewrite {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        let mut input = Input::new(input);
        let edit = Edit::new(&mut input);
        let bytes = input.rest();
        for sender in Sender::all::<P>() {
            if let Verdict::Frame(view) = sender.parse::<P>(bytes) {
                rewritten::<P>(*sender, &view, edit);
            }
        }
    }
}

/// A frame of one side, with a change.
fn rewritten<P: Plugin>(sender: Sender, view: &P::View<'_>, edit: Edit<'_>) {
    let came = Facts::of(view);
    untouched(view, &came);
    let fields = Fields::of::<P>(view);
    let change = fields.possible(Change::of(edit, &came));
    match with(view, &change.edits()) {
        Err(error) => assert!(!fields.takes(&change), "{error}, for {change:?}"),
        Ok(out) => {
            let is = Facts::of(&self::view::<P>(sender, &out));
            let plain = view.header_block().is_some();
            compare::<P>(is.clone(), changed(&came, &change, &is), &change, plain);
            taken_back::<P>(sender, view.raw(), &came, &change, &out);
        }
    }
}

/// An unchanged frame is written as it came, also with the headers and the body that it has.
fn untouched(view: &(impl View + Command), came: &Facts) {
    let same = with(view, &Edits::default());
    assert_eq!(same.as_deref(), Ok(view.raw()), "untouched");
    let shown = Edits {
        id: Some(came.id),
        opaque: None,
        headers: came.headers.as_ref().map(HeaderMap::as_headers),
        body: Some(&came.body),
    };
    let same = with(view, &shown);
    assert_eq!(same.as_deref(), Ok(view.raw()), "with what it says");
}

/// What a frame says after a change.
fn changed(came: &Facts, change: &Change, is: &Facts) -> Facts {
    let mut wanted = came.clone();
    if let Some(id) = change.id {
        wanted.id = id;
        wanted.opaque = None;
    }
    if let Some(headers) = &change.headers {
        wanted.headers = Some(as_read(headers, is));
        // A header may be the timeout, or the status.
        wanted.timeout = is.timeout;
        wanted.status = is.status;
    }
    if let Some(body) = &change.body {
        wanted.body.clone_from(body);
    }
    wanted
}

/// Headers as a frame says them after they were written: a number in one of its fields has no zeros and no plus before it.
fn as_read(headers: &HeaderMap, is: &Facts) -> HeaderMap {
    let number = |value: &[u8]| str::from_utf8(value).ok()?.parse::<i128>().ok();
    let read = |(name, value): (&[u8], &[u8])| {
        let plain = number(value).map(|number| number.to_string().into_bytes());
        let is_read = |plain: &Vec<u8>| {
            let headers = is.headers.as_ref();
            headers
                .is_some_and(|headers| headers.iter().any(|(key, is)| key == name && is == plain))
        };
        (
            name.to_vec(),
            plain.filter(is_read).unwrap_or_else(|| value.to_vec()),
        )
    };
    headers.iter().map(read).collect()
}

/// That a frame says what it should.
fn compare<P: Plugin>(mut is: Facts, mut wanted: Facts, change: &Change, plain: bool) {
    for facts in [&mut is, &mut wanted] {
        if change.id.is_some() {
            // It is written for a number of the host's, or taken back.
            facts.opaque = None;
        }
        if P::NAME == "x-dubbo" {
            // All that is not in the fixed fields is in the body.
            facts.headers.take_if(|_| change.body.is_some());
            facts.timeout.take_if(|_| change.body.is_some());
            facts.body.retain(|_| change.headers.is_none());
        }
    }
    if plain {
        assert_eq!(is, wanted, "after {change:?}");
    } else {
        assert_eq!(is.by_name(), wanted.by_name(), "after {change:?}");
    }
}

/// Whether bytes differ from others in that a varint of five bytes, for 32 bits, has none beyond them: readers of
/// protobuf take the low bits.
fn is_low_bits(bytes: &[u8], others: &[u8]) -> bool {
    let mut differing = (bytes.iter().zip(others))
        .enumerate()
        .filter(|(_, (a, b))| a != b);
    let (Some((last, (byte, other))), None) = (differing.next(), differing.next()) else {
        return false;
    };
    let four = last.checked_sub(4).map(|first| &bytes[first..last]);
    bytes.len() == others.len()
        && four.is_some_and(|four| four.iter().all(|byte| *byte & 0x80 != 0))
        && *byte == other & 0x0f
        && other & 0x80 == 0
}

/// The change taken back gives what came. What a peer writes in another form than ours, such as numbers in more
/// bytes than they take, comes back in ours, says the same and stays so.
fn taken_back<P: Plugin>(
    sender: Sender,
    raw: &[u8],
    came: &Facts,
    change: &Change,
    changed: &[u8],
) {
    let undo = Edits {
        id: change.id.map(|_| came.id),
        opaque: change.id.and(came.opaque.as_deref()),
        headers: change
            .headers
            .as_ref()
            .and(came.headers.as_ref())
            .map(HeaderMap::as_headers),
        body: change.body.as_ref().map(|_| came.body.as_slice()),
    };
    let kept = view::<P>(sender, raw);
    let plain = kept.header_block().is_some();
    // Items among others go to the end of them, if they can be written at all; what was not there is empty,
    // or 0.
    let moved = change.headers.is_some() && !plain
        || change.body.is_some() && came.body.is_empty()
        || change.id.is_some() && came.id == 0;
    let back = match with(&view::<P>(sender, changed), &undo) {
        Ok(back) if back == raw => return,
        Err(_) if moved => return,
        back => back.unwrap_or_else(|error| panic!("{error}, back after {change:?}")),
    };
    // What is not a pair of a region stays where it is, and pairs that change their order go past it.
    let pairs = came.headers.as_ref().map_or(0, |all| all.as_block().len());
    let has_others = kept.header_block().is_some_and(|block| block.len() > pairs);
    let passed = change.headers.is_some() && has_others && back.len() == raw.len();
    assert!(
        moved
            || passed
            || back.len() < raw.len()
            || change.id.is_some() && is_low_bits(&back, raw)
            || Fields::of::<P>(&kept).has_two_ids(),
        "{back:02x?}, not {raw:02x?}, back after {change:?}"
    );
    compare::<P>(
        Facts::of(&view::<P>(sender, &back)),
        came.clone(),
        change,
        plain,
    );
    if !moved {
        let again =
            with(&view::<P>(sender, &back), &change.edits()).expect("it was possible before");
        let again = with(&view::<P>(sender, &again), &undo).expect("it was possible before");
        assert_eq!(again, back, "back again after {change:?}");
    }
}

/// A whole frame, which these bytes must be.
fn view<P: Plugin>(sender: Sender, frame: &[u8]) -> P::View<'_> {
    match sender.parse::<P>(frame) {
        Verdict::Frame(view) if view.raw().len() == frame.len() => view,
        verdict => panic!("not a frame: {:?}, {frame:02x?}", verdict.map(|_| ())),
    }
}
