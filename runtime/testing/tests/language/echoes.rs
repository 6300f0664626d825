//! Answers that repeat a number of their request with a change: the message type of ISO 8583, whose answers are larger by
//! 10, and a flag. The bytes are derived by hand.

use meshwire::{AsciiDecimal, Codec, Command, Frame, MessageKind, Template, U24, protocol};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(mti(110, 210, 810)),
    heartbeat(mti = 800),
    heartbeat_ack(mti = 810)
)]
struct Card {
    #[frame(tag(100, 110, 200, 210, 800, 810), echo(add = 10))]
    mti: AsciiDecimal<4>,
    #[frame(id)]
    stan: u8,
    #[frame(echo(set = 0x80))]
    flags: u8,
    #[frame(bits = 3, echo(origin, add = 1))]
    origin: u8,
    #[frame(bits = 5)]
    rest: u8,
    #[frame(echo(set = 0x80_0000))]
    command: U24,
    #[frame(status)]
    code: i8,
}

#[protocol(name = "x-card", frames(Card), status(200 => 0, _ => 91))]
struct Cards;

const CALL: &[u8] = b"0200\x07\x03\x5f\x00\x01\x02\x05";

#[test]
fn an_answer_has_the_number_of_its_request_and_more() {
    let call = Cards::parse(CALL).frame().unwrap();
    assert_eq!(call.kind(), MessageKind::Request);
    let CardsFrame::Card(answer) = Cards::template_for(&call, Template::Response).unwrap();
    let wanted = Card {
        mti: AsciiDecimal::new(210).unwrap(),
        stan: 0,
        flags: 0x83,
        origin: 3,
        rest: 0,
        command: U24::new(0x80_0102).unwrap(),
        code: 0,
    };
    assert_eq!(answer, wanted);
    assert_eq!(answer.kind(), MessageKind::Response);
}

#[test]
fn hosts_answer_with_it() {
    let mut mesh = Sidecar::start(Native::<Cards>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.policy.route = Route::hijack(404);
    mesh.send(client, CALL);
    assert_eq!(mesh.received(client), b"0210\x07\x83\x60\x80\x01\x02\x5b");
    let mut beat = CALL.to_vec();
    beat[1] = b'8';
    mesh.send(client, &beat);
    assert_eq!(mesh.received(client), b"0810\x07\x83\x60\x80\x01\x02\x00");
}

/// What the field cannot hold is no answer, and no other one.
#[test]
fn a_number_that_does_not_fit_is_no_answer() {
    let mut bytes = CALL.to_vec();
    bytes[6] = 0xe0;
    let call = Cards::parse(&bytes).frame().unwrap();
    assert!(Cards::template_for(&call, Template::Response).is_none());
}
