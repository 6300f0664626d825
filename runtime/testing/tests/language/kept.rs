//! An edit never makes a frame of another struct.

use meshwire::frame::Edits;
use meshwire::wire::Reason;
use meshwire::{
    Bytes, Codec, Command, Frame, HeaderMap, Len, Message, MessageKind, Verdict, View, protocol,
};

/// A ping has its tag where a call has a header, and its magic in the body of one.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(word = 9))]
pub struct Ping {
    #[frame(id)]
    pub id: u8,
    #[frame(tag = 7)]
    pub kind: u8,
    pub word: u8,
    #[frame(magic = 0x50)]
    pub end: u8,
}

/// An answer is one by a number where a call has its length.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub struct Answer {
    #[frame(id)]
    pub id: u8,
    #[frame(tag(10, 11))]
    pub kind: u8,
    #[frame(tag = 2)]
    pub word: u8,
    #[frame(status)]
    pub status: u8,
}

/// Whatever is neither.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Call {
    #[frame(id)]
    pub id: u8,
    #[frame(header = "area")]
    pub area: u8,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    pub body: Bytes,
}

#[protocol(name = "x-kept", frames(Ping, Answer, Call), status(_ => 1), keep_alive = none)]
pub struct Kept;

/// The call with another area and body, by the view and by the owned frame.
fn edited(area: &str, body: &'static [u8]) -> Result<Vec<u8>, String> {
    const CALL: &[u8] = b"\x01\x08\x01P";
    let headers = HeaderMap::from([("area", area)]);
    let view = Kept::parse(CALL).frame().unwrap();
    assert!(matches!(view, KeptView::Call(_)));
    let edits = Edits {
        headers: Some(headers.as_headers()),
        body: Some(body),
        ..Edits::default()
    };
    let mut out = b"before".to_vec();
    let by_view = view.rewrite(&edits, &mut out);
    let mut owned = Kept::decode(&Bytes::from_static(CALL)).frame().unwrap();
    owned.set_headers(headers).unwrap();
    owned.set_body(Bytes::from_static(body)).unwrap();
    let by_owned = owned.to_bytes();
    match (by_view, by_owned) {
        (Ok(()), Ok(owned)) => {
            assert_eq!(out.split_off(6), owned);
            Ok(owned.into())
        }
        (Err(error), Err(by_owned)) => {
            assert_eq!((error, &out[..]), (by_owned, &b"before"[..]));
            assert_eq!(error.reason(), Reason::OtherKind);
            Err(error.to_string())
        }
        (by_view, by_owned) => panic!("{by_view:?}, {by_owned:?}"),
    }
}

#[test]
fn a_header_in_the_place_of_a_tag_of_another_struct() {
    assert_eq!(edited("8", b"P").unwrap(), b"\x01\x08\x01P");
    let other =
        Err("Call.area at byte 1: the change would make it another kind of frame".to_owned());
    assert_eq!(edited("7", b"P"), other);
    // The end of a ping is not there.
    assert_eq!(edited("7", b"p").unwrap(), b"\x01\x07\x01p");
}

#[test]
fn a_body_where_another_struct_looks() {
    let other =
        Err("Call.area at byte 1: the change would make it another kind of frame".to_owned());
    // As many bytes as a tag of the answer says, of which the first is the status.
    assert_eq!(edited("11", b"PP"), other);
    assert_eq!(edited("11", b"PPP").unwrap(), b"\x01\x0b\x03PPP");
    // A ping is whole before the others are.
    assert_eq!(edited("7", b"Plus"), other);
    // And a heartbeat by the length.
    assert_eq!(edited("7", b"P-letters"), other);
    assert_eq!(edited("9", b"P-letters").unwrap(), b"\x01\x09\x09P-letters");
}

#[test]
fn what_a_frame_is_stays() {
    let call = Kept::parse(b"\x01\x08\x01P").frame().unwrap();
    let mut out = Vec::new();
    call.rewrite(&Edits::id(7), &mut out).unwrap();
    assert_eq!(out, b"\x07\x08\x01P");
    let ping = Kept::parse(b"\x01\x07\x09P").frame().unwrap();
    assert_eq!(ping.kind(), MessageKind::Heartbeat);
    ping.rewrite(&Edits::id(7), &mut out).unwrap();
    assert_eq!(&out[4..], b"\x07\x07\x09P");
}

/// An answer has its tag where a call has its id.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub struct Pong {
    #[frame(tag = 0x80)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Ask {
    #[frame(id)]
    pub id: u8,
    pub word: u8,
}

#[protocol(name = "x-ids", frames(Pong, Ask), status(_ => 0), keep_alive = none)]
pub struct Ids;

#[test]
fn an_id_that_is_a_tag_of_another_struct_is_refused() {
    let call = Ids::parse(b"\x01\x02").frame().unwrap();
    let mut out = Vec::new();
    let error = call.rewrite(&Edits::id(0x80), &mut out).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Ask.id at byte 0: the change would make it another kind of frame"
    );
    assert_eq!(out, b"");
    call.rewrite(&Edits::id(0x81), &mut out).unwrap();
    assert_eq!(out, b"\x81\x02");
    assert!(matches!(Ids::parse(&out), Verdict::Frame(IdsView::Ask(_))));
}
