//! A frame as a view and as an owned struct: both say the same, and write the same after the same change.
//!
//! Input: the number of a protocol, a change, a frame.

#![no_main]

use core::fmt::Debug;

use bytes::Bytes;
use fuzz_targets::edits::{Change, Edit, Facts, rewritten, with};
use fuzz_targets::fields::Fields;
use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::{Command, Error, Message, Plugin, Verdict, View};

fuzz_target!(|input: &[u8]| -> Corpus { over::<Owned>(input) });

struct Owned;

impl Check for Owned {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        let mut input = Input::new(input);
        let edit = Edit::new(&mut input);
        let shared = Bytes::copy_from_slice(input.rest());
        let (view, owned) = match (P::parse(&shared), P::decode(&shared)) {
            (Verdict::Frame(view), Verdict::Frame(owned)) => (view, owned),
            // Only owned frames read their headers, and every host that shows them.
            (Verdict::Frame(view), Verdict::Malformed(error)) => {
                return assert_eq!(view.header_map(), Err(error), "headers of a view");
            }
            (view, owned) => {
                let [view, owned] = [view.map(|_| ()), owned.map(|_| ())];
                assert_eq!(view, owned, "the view against the owned frame");
                return;
            }
        };
        let came = Facts::of(&view);
        assert_eq!(came, Facts::of(&owned), "the view against the owned frame");
        written::<P>(&view, &owned);
        let fields = Fields::of::<P>(&view);
        let change = fields.possible(Change::of(edit, &came));
        let by_view = with(&view, &change.edits());
        let by_owned = edited(owned, &change).and_then(|frame| encoded(&frame));
        agree(&by_view, &by_owned, &change, fields.is_shortest());
    }
}

/// An owned frame is written as it came, but for varints in more bytes than they take.
fn written<P: Plugin<Frame: PartialEq + Debug>>(view: &P::View<'_>, owned: &P::Frame) {
    let bytes = encoded(owned).unwrap_or_else(|error| panic!("{error}, of {owned:?}"));
    assert_eq!(owned.encoded_len(), Ok(bytes.len()));
    if Fields::of::<P>(view).is_shortest() {
        assert_eq!(bytes, view.raw(), "written");
        return;
    }
    let again = P::decode(&bytes.into()).frame();
    assert_eq!(again.as_ref(), Some(owned), "written and read");
}

fn encoded(frame: &impl Message) -> Result<Vec<u8>, Error> {
    rewritten(|out| frame.encode(out))
}

fn edited<M: Message>(mut frame: M, change: &Change) -> Result<M, Error> {
    if let Some(id) = change.id {
        frame.set_id(id)?;
    }
    if let Some(body) = &change.body {
        frame.set_body(Bytes::copy_from_slice(body))?;
    }
    if let Some(headers) = &change.headers {
        frame.set_headers(headers.clone())?;
    }
    Ok(frame)
}

/// Both shapes are written with the same bytes, or both refuse the change for the same reason.
fn agree(
    by_view: &Result<Vec<u8>, Error>,
    by_owned: &Result<Vec<u8>, Error>,
    change: &Change,
    one_form: bool,
) {
    match (by_view, by_owned) {
        (Ok(_), Ok(_)) if !one_form => {}
        (Ok(view), Ok(owned)) if view == owned => {}
        // A part that its author holds is at no byte of a frame, and of several reasons one is said.
        (Err(view), Err(owned)) if change.is_several() || view.field() == owned.field() => {}
        _ => {
            panic!("the view gives {by_view:02x?}, the owned frame {by_owned:02x?}, for {change:?}")
        }
    }
}
