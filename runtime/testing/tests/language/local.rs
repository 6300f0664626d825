//! Requests that are about their connection: the head of SMPP 3.4, where `bind_transmitter` is 2 and `unbind` 6, and a one-way
//! note to the other end. The bytes are derived by hand from its section 3.2.

use meshwire::command::Local;
use meshwire::{
    Bytes, Codec, Command, Frame, Hijacker, HostStatus, Len, Message, MessageKind, ProtocolContext,
    Template, protocol,
};
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_testing::emulator::{Native, Options, Sidecar};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(answer = 1),
    oneway(command = 0x0b),
    local(command(2, 6, 0x0b)),
    heartbeat(command = 0x15),
    heartbeat_ack(answer = 1, command = 0x15)
)]
struct Pdu {
    #[frame(len_of = ..)]
    length: Len<u32>,
    #[frame(bits = 1)]
    answer: u32,
    #[frame(bits = 31, echo, default = 4)]
    command: u32,
    #[frame(status)]
    status: u32,
    #[frame(id)]
    sequence: u32,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-pdu", frames(Pdu), status(200 => 0, 404 => 11, _ => 8))]
struct Pdus;

/// The same with answers of its own.
#[protocol(name = "x-named", frames(Pdu), hijacker = custom)]
struct Named;

impl Hijacker for Named {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &NamedView<'_>,
        reason: HostStatus,
    ) -> Option<NamedFrame> {
        let NamedFrame::Pdu(mut answer) = Self::template_for(request, Template::Response)?;
        context.ok(answer.set_id(request.id()))?;
        answer.status = u32::from(reason != HostStatus::OK);
        answer.body = Bytes::from_static(b"mesh\0");
        Some(NamedFrame::Pdu(answer))
    }
}

fn pdu(command: [u8; 4], sequence: u8, body: &[u8]) -> Vec<u8> {
    let length = 16 + body.len() as u8;
    [&[0, 0, 0, length], &command, &[0; 7][..], &[sequence], body].concat()
}

const BIND: [u8; 4] = [0, 0, 0, 2];
const BOUND: [u8; 4] = [0x80, 0, 0, 2];
const NOTE: [u8; 4] = [0, 0, 0, 0x0b];
const BEAT: [u8; 4] = [0, 0, 0, 0x15];
const BEATEN: [u8; 4] = [0x80, 0, 0, 0x15];
const CALL: [u8; 4] = [0, 0, 0, 4];
const CALLED: [u8; 4] = [0x80, 0, 0, 4];

#[test]
fn its_values_are_what_a_request_is_answered_for() {
    for (command, kind, local) in [
        (BIND, MessageKind::Heartbeat, Some(Local::Answered)),
        (NOTE, MessageKind::Heartbeat, Some(Local::Dropped)),
        (CALL, MessageKind::Request, None),
        (BEAT, MessageKind::Heartbeat, None),
        (BOUND, MessageKind::Response, None),
        (BEATEN, MessageKind::HeartbeatAck, None),
    ] {
        let bytes = Bytes::from(pdu(command, 7, b"me\0"));
        let view = Pdus::parse(&bytes).frame().unwrap();
        let owned = Pdu::decode(&bytes).frame().unwrap();
        assert_eq!((view.kind(), view.local()), (kind, local), "{command:?}");
        assert_eq!((Command::kind(&owned), owned.local()), (kind, local));
    }
    assert_eq!(Pdu::template(Template::Heartbeat).unwrap().local(), None);
}

#[test]
fn mosn_answers_where_it_arrives() {
    let mut mesh = Sidecar::start(Native::<Pdus>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &pdu(BIND, 7, b"me\0"));
    assert_eq!(mesh.received(client), pdu(BOUND, 7, b""));
    mesh.send(client, &pdu(NOTE, 8, b""));
    assert_eq!(mesh.received(client), b"");
    mesh.send(client, &pdu(BEAT, 9, b""));
    assert_eq!(mesh.received(client), pdu(BEATEN, 9, b""));
    assert!(mesh.server().is_none(), "nothing was forwarded");
    mesh.send(client, &pdu(CALL, 10, b"hi"));
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server), pdu(CALL, 1, b"hi"));
    // A server that says goodbye gets its answer, too.
    mesh.send(server, &pdu([0, 0, 0, 6], 3, b""));
    assert_eq!(mesh.received(server), pdu([0x80, 0, 0, 6], 3, b""));
    mesh.send(server, &pdu(CALLED, 1, b"id\0"));
    assert_eq!(mesh.received(client), pdu(CALLED, 10, b"id\0"));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn an_author_answers_too() {
    let mut mesh = Sidecar::start(Native::<Named>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &pdu(BIND, 7, b"me\0"));
    assert_eq!(mesh.received(client), pdu(BOUND, 7, b"mesh\0"));
    assert_eq!(mesh.failures(), []);
}

/// Under Envoy each client has a server of its own, which needs the request.
#[test]
fn envoy_passes_it_to_the_server() {
    let rules = r#"{"deny": [{"service": "*"}]}"#;
    let mut envoy = Envoy::<Pdus>::start(rules).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    let sent = [pdu(BIND, 7, b"me\0"), pdu(NOTE, 8, b"")].concat();
    envoy.send(client, &sent);
    assert_eq!(envoy.received(server), sent);
    envoy.send(server, &pdu(BOUND, 7, b"smsc\0"));
    assert_eq!(envoy.received(client), pdu(BOUND, 7, b"smsc\0"));
    assert_eq!(envoy.counter("frames.heartbeat"), 2);
    assert!(envoy.is_open(client));
}
