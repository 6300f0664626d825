//! What makes a frame of which kind: conditions on fields of a record. The protocol is made up; its bytes are written by
//! hand as the section on optional parameters of SMPP 3.4 (3.2.4) draws them: tag, length, value.

use meshwire::command::PayloadCodec;
use meshwire::{MessageKind, Record, Template, Text};

#[derive(Record, Clone, Debug, PartialEq)]
#[record(
    tlv(tag = u16, len = u16),
    response(version(2, 3), outcome.code),
    response(version = 4, service = ""),
    response(outcome.text("no", "never")),
    oneway(service("log", "trace")),
    request
)]
struct Call {
    #[record(1, default = 1)]
    version: u8,
    #[record(2, id)]
    id: u32,
    #[record(3, header = "service")]
    service: Text,
    #[record(4)]
    outcome: Option<Outcome>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record(1, status)]
    code: Option<i16>,
    #[record(2)]
    text: Text,
}

const SERVICE: &[u8] = b"\0\x03\0\x01s";
const CODE_7: &[u8] = b"\0\x04\0\x06\0\x01\0\x02\0\x07";

fn version(number: u8) -> [u8; 5] {
    [0, 1, 0, 1, number]
}

fn kind(entries: &[&[u8]]) -> MessageKind {
    Call::metadata(&entries.concat(), ()).unwrap().kind
}

#[test]
fn a_field_in_a_record_decides_with_one_of_several_values() {
    for (number, expected) in [
        (1, MessageKind::Request),
        (2, MessageKind::Response),
        (3, MessageKind::Response),
        (4, MessageKind::Request),
    ] {
        assert_eq!(kind(&[&version(number), SERVICE, CODE_7]), expected);
        assert_eq!(kind(&[&version(number), SERVICE]), MessageKind::Request);
    }
    // A record without the field.
    let empty = b"\0\x04\0\0";
    assert_eq!(kind(&[&version(2), SERVICE, empty]), MessageKind::Request);
    let response = [&version(3)[..], CODE_7].concat();
    assert_eq!(Call::metadata(&response, ()).unwrap().status, 7);
}

#[test]
fn a_kind_that_is_given_twice_is_either() {
    assert_eq!(kind(&[&version(4)]), MessageKind::Response);
    assert_eq!(kind(&[&version(4), b"\0\x03\0\0"]), MessageKind::Response);
    assert_eq!(kind(&[&version(4), SERVICE]), MessageKind::Request);
    assert_eq!(kind(&[&version(5)]), MessageKind::Request);
}

#[test]
fn a_text_is_compared_byte_for_byte() {
    for (service, expected) in [
        (&b"\0\x03\0\x03log"[..], MessageKind::OneWay),
        (b"\0\x03\0\x05trace", MessageKind::OneWay),
        (b"\0\x03\0\x03Log", MessageKind::Request),
        (b"\0\x03\0\x02lo", MessageKind::Request),
    ] {
        assert_eq!(kind(&[service]), expected, "{service:?}");
    }
    let outcome = b"\0\x04\0\x06\0\x02\0\x02no";
    assert_eq!(kind(&[SERVICE, outcome]), MessageKind::Response);
    let outcome = b"\0\x04\0\x06\0\x02\0\x02so";
    assert_eq!(kind(&[SERVICE, outcome]), MessageKind::Request);
}

/// The first case of a kind is what is made, with the first of its values where the default is none of them.
#[test]
fn a_record_is_made_as_its_first_case_wants_it() {
    let made = Call::template(Template::Response, ()).unwrap();
    let id = b"\0\x02\0\x04\0\0\0\0";
    let outcome = b"\0\x04\0\x0a\0\x01\0\x02\0\0\0\x02\0\0";
    assert_eq!(made, [&version(2)[..], id, b"\0\x03\0\0", outcome].concat());
    assert_eq!(
        Call::metadata(&made, ()).unwrap().kind,
        MessageKind::Response
    );
    let made = Call::template(Template::Request, ()).unwrap();
    assert_eq!(made, [&version(1)[..], id, b"\0\x03\0\0"].concat());
}
