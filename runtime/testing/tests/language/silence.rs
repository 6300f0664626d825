//! Where no answer is sent, the log of the host says so, and why.

use meshwire::protocol::{Level, Plugin};
use meshwire::{
    Bytes, Codec, Command, Frame, Hijacker, HostStatus, KeepAlive, Message, ProtocolContext,
    Template, protocol,
};
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_testing::emulator::{
    EncodeInput, HijackInput, MosnHost, Native, Options, Route, Sidecar,
};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind = 2),
    heartbeat(kind = 3),
    heartbeat_ack(kind = 4),
    oneway(kind = 5)
)]
struct Note {
    #[frame(tag(1, 2, 3, 4, 5))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u8,
    #[frame(header = "service")]
    service: u8,
}

const CALL: &[u8] = b"\x01\0\0\0\x07\0\x09";
const BEAT: &[u8] = b"\x03\0\0\0\x07\0\x09";
const ONE_WAY: &[u8] = b"\x05\0\0\0\x07\0\x09";

/// Its status has no room for two of the reasons, and it has no answer for a third.
#[protocol(name = "x-note", frames(Note), hijacker = custom, keep_alive = custom)]
struct Notes;

impl Hijacker for Notes {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &NotesView<'_>,
        reason: HostStatus,
    ) -> Option<NotesFrame> {
        let status = match reason {
            HostStatus::TIMEOUT | HostStatus::PERMISSION_DENIED => 300,
            HostStatus::OVERFLOW => return None,
            _ => 1,
        };
        let mut answer = Self::template_for(request, Template::Response)?;
        context.ok(answer.set_id(request.id()))?;
        context.ok(answer.set_status(status))?;
        Some(answer)
    }
}

impl KeepAlive for Notes {
    fn reply(_: &ProtocolContext<'_, Self>, _: &NotesView<'_>) -> Option<NotesFrame> {
        None
    }
}

/// What a client gets for a frame when the host answers for this reason, and what the log says.
fn answered<P: Plugin>(frame: &[u8], status: u32) -> (Vec<u8>, Vec<(Level, String)>) {
    let mut mesh = Sidecar::start(Native::<P>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(status);
    let client = mesh.client();
    mesh.send(client, frame);
    assert_eq!(mesh.failures(), [], "no instance is locked");
    let log = mesh.emulator().log().all();
    (mesh.received(client), log)
}

const CAUSE: &str =
    "cannot build the answer: Note.status at byte 5: 300 is out of range, the maximum is 255";

fn warn(line: &str) -> (Level, String) {
    (Level::Warn, line.to_owned())
}

fn error(line: &str) -> (Level, String) {
    (Level::Error, line.to_owned())
}

#[test]
fn an_answer_that_cannot_be_made_is_in_the_log_with_its_cause() {
    let (answer, log) = answered::<Notes>(CALL, 504);
    assert_eq!(answer, b"");
    assert_eq!(
        log,
        [error(CAUSE), warn("no response is sent for status 504")]
    );
}

#[test]
fn a_hijacker_may_have_no_answer_and_the_log_says_so() {
    let (answer, log) = answered::<Notes>(CALL, 503);
    assert_eq!(answer, b"");
    assert_eq!(log, [warn("no response is sent for status 503")]);
    // Who does not wait is not missed.
    assert_eq!(answered::<Notes>(ONE_WAY, 503), (vec![], vec![]));
    let (answer, log) = answered::<Notes>(CALL, 404);
    assert_eq!((&answer[..], log.len()), (&b"\x02\0\0\0\x07\x01\0"[..], 0));
}

#[test]
fn a_heartbeat_without_an_answer_is_in_the_log() {
    let (answer, log) = answered::<Notes>(BEAT, 404);
    let line = "the protocol has no heartbeat frame".to_owned();
    assert_eq!((answer, log), (vec![], vec![(Level::Debug, line)]));
}

/// Without the bytes of the request a hijacker of the author's own is not asked.
#[test]
fn a_request_whose_bytes_are_lost_is_in_the_log() {
    let module = Native::<Notes>::new();
    let mut emulator = MosnHost::start(module, &Options::new()).unwrap();
    let context = emulator.new_protocol_context().unwrap();
    let input = HijackInput {
        id: 9,
        timeout: 0,
        raw: Bytes::new(),
    };
    emulator.hijack(context, 504, &input).unwrap();
    let answer = emulator.encode(context, &EncodeInput::hijack(7, 9));
    assert_eq!(answer, Ok(Bytes::new()));
    assert_eq!(
        emulator.logs(Level::Warn),
        ["no response is sent for status 504"]
    );
}

#[test]
fn a_denied_call_that_cannot_be_answered_is_closed_with_the_cause_in_the_log() {
    let deny = r#"{"service": "service", "deny": [{"service": "9"}]}"#;
    let mut envoy = Envoy::<Notes>::start(deny).unwrap();
    let client = envoy.client();
    envoy.send(client, CALL);
    assert!(!envoy.is_open(client));
    assert!(envoy.log().contains(&error(CAUSE)), "{:?}", envoy.log());
}
