//! One struct for both halves of a call.

use meshwire::{Command, Frame, Kind, Message, Template};

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
        (0b000, Kind::Request),
        (0b100, Kind::OneWay),
        (0b010, Kind::Heartbeat),
        (0b110, Kind::Heartbeat),
        (0b001, Kind::Response),
        (0b101, Kind::Response),
        (0b011, Kind::HeartbeatAck),
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
        (Template::Request, Kind::Request, 0b000),
        (Template::Response, Kind::Response, 0b001),
        (Template::Heartbeat, Kind::Heartbeat, 0b010),
        (Template::HeartbeatAck, Kind::HeartbeatAck, 0b011),
    ] {
        assert_eq!(made(template).kind(), kind);
        assert_eq!(made(template).to_bytes().unwrap(), [bits, 0][..]);
    }
}
