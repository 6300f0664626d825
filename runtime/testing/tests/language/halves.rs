//! One struct for both halves of a call.

use meshwire::{Command, Frame, Message, MessageKind, Template};

/// A message whose bits say what it is.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(answer = 1),
    heartbeat(beat = 1, answer = 0),
    heartbeat_ack(beat = 1, answer = 1),
    oneway(silent = 1)
)]
pub struct Note {
    #[frame(bits = 5)]
    pub unused: u8,
    #[frame(bits = 1)]
    pub silent: u8,
    #[frame(bits = 1)]
    pub beat: u8,
    #[frame(bits = 1)]
    pub answer: u8,
    #[frame(id)]
    pub id: u8,
}

#[test]
fn all_values_of_a_list_make_a_kind() {
    for (bits, kind) in [
        (0b000, MessageKind::Request),
        (0b100, MessageKind::OneWay),
        (0b010, MessageKind::Heartbeat),
        (0b110, MessageKind::Heartbeat),
        (0b001, MessageKind::Response),
        (0b101, MessageKind::Response),
        (0b011, MessageKind::HeartbeatAck),
    ] {
        let bytes = [bits, 7];
        let view = Note::parse(&bytes).frame().unwrap();
        assert_eq!(view.kind(), kind, "{bits:03b}");
    }
}

#[test]
fn what_is_made_for_a_kind_is_of_it() {
    let made = |template| Note::template(template).unwrap();
    for (template, kind, bits) in [
        (Template::Request, MessageKind::Request, 0b000),
        (Template::Response, MessageKind::Response, 0b001),
        (Template::Heartbeat, MessageKind::Heartbeat, 0b010),
        (Template::HeartbeatAck, MessageKind::HeartbeatAck, 0b011),
    ] {
        assert_eq!(made(template).kind(), kind);
        assert_eq!(made(template).to_bytes().unwrap(), [bits, 0][..]);
    }
}
