//! Fronts of frames whose ids are no numbers.

use meshwire::mosn::{Adaptor, Reply, Why};
use meshwire::{Bytes, Frame, Len, protocol};

use super::lean::{ask, rewrite};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Call {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: [u8; 18],
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Answer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: [u8; 18],
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-ids", frames(Call, Answer), hijacker = none, keep_alive = none)]
struct Ids;

/// Kind 1, an id, and 5 bytes of body which are not there.
const CALL: [u8; 20] = *b"\x01an id of 18 bytes.\x05";
/// Kind 2, the id that 7 is written as, and no body.
const ANSWER: [u8; 20] = *b"\x02meshwire\0\0\0\0\0\0\0\x07\0\0\0";

#[test]
fn an_id_that_is_no_number_is_described_with_its_place() {
    let (reply, answer) = ask(&mut Adaptor::<Ids>::new(), &CALL);
    assert_eq!(reply, Reply::Frame);
    // 36 bytes and one id; the frame's 25; a request, shown, one id, no headers.
    assert_eq!(&answer[..12], b"\x2c\0\0\0\x19\0\0\0\x01\0\x01\0");
    // 18 bytes from 1 on, no number, written in their place.
    assert_eq!(&answer[36..], b"\x01\0\0\0\0\x06\x12\0");
    let (reply, answer) = ask(&mut Adaptor::<Ids>::new(), &ANSWER);
    assert_eq!(reply, Reply::Frame);
    assert_eq!(&answer[12..20], b"\x07\0\0\0\0\0\0\0");
}

#[test]
fn a_front_gets_a_number_or_the_id_of_the_caller() {
    let mut plugin = Adaptor::<Ids>::new();
    let (_, written) = rewrite(&mut plugin, &CALL, 3, 0x0102, None);
    let expected = b"\x08\0\0\0\x14\0\0\0\x01meshwire\0\0\0\0\0\0\x01\x02\0\0\x03";
    assert_eq!(written, expected);
    // Headers, of which these frames have none, and then the id.
    let rest = b"an id of 18 bytes.";
    let edit = [
        &20_u32.to_le_bytes()[..],
        &0_u32.to_le_bytes(),
        &9_u64.to_le_bytes(),
        &u32::MAX.to_le_bytes(),
        &ANSWER,
        rest,
    ]
    .concat();
    plugin.lean_room()[..edit.len()].copy_from_slice(&edit);
    let (reply, written) = plugin.lean_rewrite(edit.len());
    assert_eq!(reply, Reply::Frame);
    assert_eq!(written, b"\x08\0\0\0\x14\0\0\0\x02an id of 18 bytes.\0");
    // One of another width.
    plugin.lean_room()[..edit.len()].copy_from_slice(&edit);
    let (reply, _) = plugin.lean_rewrite(edit.len() - 1);
    assert_eq!(reply, Reply::Classic(Why::Layout, 0));
}
