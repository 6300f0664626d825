//! What a frame is, by one of several values and by the bytes of a part.

use meshwire::frame::Len;
use meshwire::{Bytes, Command, Frame, Kind, Template};

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
    assert_eq!(kind(1, 0, b"N"), Kind::Request);
    assert_eq!(kind(1, 1, b""), Kind::Request);
    assert_eq!(kind(1, 1, b"NN"), Kind::Request);
    assert_eq!(kind(1, 1, b"N"), Kind::Heartbeat);
    for flag in [2, 3] {
        assert_eq!(kind(flag, 0, b"N"), Kind::Response);
        assert_eq!(kind(flag, 1, b"N"), Kind::HeartbeatAck);
    }
    for flag in [4, 5] {
        assert_eq!(kind(flag, 0, b""), Kind::OneWay);
        assert_eq!(kind(flag, 1, b"N"), Kind::Heartbeat);
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
        Kind::Heartbeat
    );
}
