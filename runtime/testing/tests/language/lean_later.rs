//! Fronts of frames whose headers are in the body.

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::mosn::{Adaptor, Reply, Why};
use meshwire::{Bytes, Frame, Len, Timeout, protocol};

use super::lean::{ask, rewrite};

/// A body whose first byte is a timeout, and whose last is a header.
struct Ends<const ALL: bool>;

impl<const ALL: bool> PayloadCodec for Ends<ALL> {
    type Inputs = ();
    const TAKES_ALL: bool = ALL;
    const HAS_OPAQUE_ID: bool = false;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        Ok(PayloadMetadata {
            body: 0..region.len(),
            ..PayloadMetadata::default()
        })
    }

    fn timeout(region: &[u8], (): ()) -> Option<Timeout> {
        let first = region.first()?;
        Some(Timeout::from_positive_millis(i64::from(*first)))
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        if let Some(last) = region.last() {
            out.pair(b"last", &[*last]);
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let start = out.len();
        out.extend_from_slice(changes.body.unwrap_or(region));
        let last = changes.headers.and_then(|headers| headers.get("last"));
        let place = out.get_mut(start..).and_then(<[u8]>::last_mut);
        if let (Some(place), Some([last])) = (place, last) {
            *place = *last;
        }
        Ok(())
    }

    fn template(_: Template, (): ()) -> Option<Vec<u8>> {
        Some(Vec::new())
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(two_way = 0))]
struct Call {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(default = 1)]
    two_way: u8,
    #[frame(id)]
    id: u16,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    #[frame(with = Ends<true>, timeout, headers, body)]
    body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Answer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(status)]
    status: u8,
    #[frame(id)]
    id: u16,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    #[frame(with = Ends<true>, headers, body)]
    body: Bytes,
}

#[protocol(name = "x-later", frames(Call, Answer), status(_ => 1), keep_alive = none)]
struct Later;

/// A codec that does not say that it takes all.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Refusing {
    #[frame(id)]
    id: u16,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    #[frame(with = Ends<false>, timeout, headers, body)]
    body: Bytes,
}

/// A call with a wait of 9 ms, and 3 bytes of body.
const CALL: &[u8] = b"\x01\x01\0\x05\0\0\0\x03\x09bc";
const ANSWER: &[u8] = b"\x02\x14\0\x05\0\0\0\x03abc";

#[test]
fn a_front_says_all_but_headers_and_timeout() {
    let mut plugin = Adaptor::<Later>::new();
    for (frame, word) in [(CALL, 0), (ANSWER, 0x14)] {
        for there in 8..11 {
            let (reply, answer) = ask(&mut plugin, &frame[..there]);
            assert_eq!(reply, Reply::Frame);
            // The frame's 11; the headers are in the body, one id, and they come later.
            assert_eq!(&answer[4..8], b"\x0b\0\0\0");
            assert_eq!(&answer[9..12], b"\x02\x01\x03");
            assert_eq!(
                &answer[20..36],
                &[word, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            );
            assert_eq!(&answer[36..], b"\x02\0\0\0\x02\0\0\0");
        }
    }
    let (_, answer) = ask(&mut plugin, CALL);
    assert_eq!(&answer[9..12], b"\x02\x01\x02");
    assert_eq!(&answer[20..24], b"\x09\0\0\0");
    assert_eq!(&answer[44..], b"\0\0\0\x04last\0\0\0\x01c");
    let (_, answer) = ask(&mut plugin, ANSWER);
    assert_eq!(&answer[20..24], b"\x14\0\0\0");
    assert_eq!(&answer[44..], b"\0\0\0\x04last\0\0\0\x01c");
}

#[test]
fn what_is_not_for_the_host_is_known_by_the_front() {
    let mut plugin = Adaptor::<Later>::new();
    let (reply, _) = ask(&mut plugin, b"\x01\0\0\x05\0\0\0\x03");
    assert_eq!(reply, Reply::Classic(Why::Kind, 11));
    let (reply, _) = ask(&mut plugin, &CALL[..7]);
    assert_eq!(reply, Reply::More(8));
    let of_refusing = [Refusing::LEAN, Refusing::PATCHED, Refusing::LATER];
    assert_eq!(of_refusing, [false; 3]);
    let of_call = [Call::LEAN, Call::PATCHED, Call::LATER, Call::REWRITTEN];
    assert_eq!(of_call, [true, true, true, false]);
}

#[test]
fn the_whole_is_written_again() {
    let mut plugin = Adaptor::<Later>::new();
    let last = b"\0\0\0\x04last\0\0\0\x01z";
    let (reply, written) = rewrite(&mut plugin, CALL, 0, 0x0607, Some(last));
    assert_eq!(reply, Reply::Frame);
    assert_eq!(
        written,
        b"\x08\0\0\0\x0b\0\0\0\x01\x01\x06\x07\0\0\0\x03\x09bz"
    );
    for (what, frame, id) in [
        ("a part of the frame", &CALL[..10], 7),
        ("its front", &CALL[..8], 7),
        ("an id of 17 bits", CALL, 1 << 16),
    ] {
        let (reply, _) = rewrite(&mut plugin, frame, 0, id, Some(last));
        assert_eq!(reply, Reply::Classic(Why::Layout, 0), "{what}");
    }
}

#[test]
fn the_room_grows_to_a_frame_and_no_further() {
    let mut plugin = Adaptor::<Later>::new();
    assert!(plugin.lean_offer().is_some());
    let sizes = [100, 100_000, 70_000, 1 << 20].map(|size| plugin.lean_grow(size).map(<[u8]>::len));
    assert_eq!(
        sizes,
        [Some(1 << 16), Some(100_000), Some(100_000), Some(1 << 20)]
    );
    assert!(plugin.lean_grow((1 << 20) + 1).is_none());
    // Of a long frame all headers are known.
    let mut long = CALL[..5].to_vec();
    long.extend_from_slice(b"\x01\0\0\x09");
    long.resize(8 + 0x1_0000, b'x');
    plugin.lean_room()[..long.len()].copy_from_slice(&long);
    let (reply, answer) = plugin.lean_decode(1, long.len());
    assert_eq!(reply, Reply::Frame);
    assert_eq!(&answer[44..], b"\0\0\0\x04last\0\0\0\x01x");
}
