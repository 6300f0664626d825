//! What a frame is, by one of several values and by the bytes of a part.

use meshwire::frame::Edits;
use meshwire::wire::Reason;
use meshwire::{Bytes, Command, Frame, Len, Message, MessageKind, Template, View};

use super::assert_same;

/// As dubbo has it: an event is a heartbeat if its body says nothing.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(flag(2, 3)),
    heartbeat(event = 1, body = b"N"),
    heartbeat_ack(flag(2, 3), event = 1, body = b"N"),
    oneway(flag(4, 5))
)]
struct Dubbo {
    #[frame(tag(1, 2, 3, 4, 5))]
    flag: u8,
    event: u8,
    #[frame(id)]
    id: u8,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn any_of_the_values_will_do() {
    let kind = |flag: u8, event: u8, body: &[u8]| {
        let bytes = [&[flag, event, 7, body.len() as u8], body].concat();
        let view = Dubbo::parse(&bytes).frame().unwrap();
        let owned = Dubbo::decode(&bytes.clone().into()).frame().unwrap();
        assert_eq!(view.kind(), owned.kind());
        view.kind()
    };
    assert_eq!(kind(1, 0, b"N"), MessageKind::Request);
    assert_eq!(kind(1, 1, b""), MessageKind::Request);
    assert_eq!(kind(1, 1, b"NN"), MessageKind::Request);
    assert_eq!(kind(1, 1, b"N"), MessageKind::Heartbeat);
    for flag in [2, 3] {
        assert_eq!(kind(flag, 0, b"N"), MessageKind::Response);
        assert_eq!(kind(flag, 1, b"N"), MessageKind::HeartbeatAck);
    }
    for flag in [4, 5] {
        assert_eq!(kind(flag, 0, b""), MessageKind::OneWay);
        assert_eq!(kind(flag, 1, b"N"), MessageKind::Heartbeat);
    }
}

#[test]
fn the_first_value_is_the_one_to_write() {
    let frame = Dubbo::template(Template::HeartbeatAck).unwrap();
    assert_same(b"\x02\x01\0\x01N", &frame);
    let frame = Dubbo::template(Template::Response).unwrap();
    assert_same(b"\x02\0\0\0", &frame);
    assert_eq!(
        Dubbo::template(Template::Heartbeat).unwrap().kind(),
        MessageKind::Heartbeat
    );
}

/// What a frame with another body is, by the view and by the owned frame.
fn with_body(bytes: &'static [u8], body: &'static [u8]) -> Result<MessageKind, Reason> {
    let view = Dubbo::parse(bytes).frame().unwrap();
    let edits = Edits {
        body: Some(body),
        ..Edits::default()
    };
    let mut by_view = Vec::new();
    let rewritten = view.rewrite(&edits, &mut by_view);
    let mut owned = Dubbo::decode(&Bytes::from_static(bytes)).frame().unwrap();
    let set = owned.set_body(Bytes::from_static(body));
    assert_eq!(rewritten, set);
    let by_owned = owned.to_bytes().unwrap();
    match rewritten {
        Ok(()) => assert_eq!(by_view, by_owned),
        Err(_) => assert_eq!((&by_view[..], &by_owned[..]), (&[][..], bytes)),
    }
    rewritten.map_err(|error| error.reason())?;
    Ok(Dubbo::parse(&by_view).frame().unwrap().kind())
}

#[test]
fn another_body_makes_no_other_kind_of_frame() {
    let other = Err(Reason::OtherKind);
    assert_eq!(with_body(b"\x01\x01\x07\x02hi", b"N"), other);
    assert_eq!(
        with_body(b"\x01\x01\x07\x02hi", b"NN"),
        Ok(MessageKind::Request)
    );
    assert_eq!(with_body(b"\x01\x01\x07\x01N", b""), other);
    assert_eq!(
        with_body(b"\x01\x01\x07\x01N", b"N"),
        Ok(MessageKind::Heartbeat)
    );
    assert_eq!(with_body(b"\x02\x01\x07\x00", b"N"), other);
    // Without the event it says nothing.
    assert_eq!(
        with_body(b"\x01\x00\x07\x02hi", b"N"),
        Ok(MessageKind::Request)
    );
    assert_eq!(
        with_body(b"\x04\x00\x07\x02hi", b"N"),
        Ok(MessageKind::OneWay)
    );
}

/// An answer that is one to a heartbeat by its status.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(status(20, 21)))]
struct Pong {
    #[frame(id)]
    id: u8,
    #[frame(status)]
    status: u8,
}

#[test]
fn another_status_makes_no_other_kind_of_frame() {
    let mut pong = Pong::default();
    pong.set_status(7).unwrap();
    let error = pong.set_status(20).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Pong.status at byte 1: the change would make it another kind of frame"
    );
    assert_same(b"\0\x07", &pong);
    let mut beat = Pong::template(Template::HeartbeatAck).unwrap();
    beat.set_status(21).unwrap();
    assert_eq!(beat.set_status(7).unwrap_err().reason(), Reason::OtherKind);
    assert_same(b"\0\x15", &beat);
}
