//! Answers in the place of a service, and frames that are left alone. The bytes are derived by hand.

use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use someip::SomeIp;

const CALL: &[u8] = b"\x12\x34\x04\x21\0\0\0\x0c\0\x12\0\x01\x01\x03\0\0\0\0\0\x2a";
const COOKIE: &[u8] = b"\xff\xff\0\0\0\0\0\x08\xde\xad\xbe\xef\x01\x01\x01\0";

fn mesh(route: Option<u32>) -> Sidecar<meshwire_testing::emulator::NativeGuest> {
    let mut mesh = Sidecar::start(Native::<SomeIp>::new(), &Options::new()).unwrap();
    if let Some(status) = route {
        mesh.policy.route = Route::hijack(status);
    }
    mesh
}

/// Type 0x80, with the service, the method, the request id and the interface version of the call.
#[test]
fn an_answer_repeats_what_was_asked() {
    for (reason, code) in [(404, 2), (503, 4), (502, 5), (504, 6), (0, 9), (500, 1)] {
        let mut mesh = mesh(Some(reason));
        let client = mesh.client();
        mesh.send(client, CALL);
        let mut answer = *b"\x12\x34\x04\x21\0\0\0\x08\0\x12\0\x01\x01\x03\x80\0";
        answer[15] = code;
        assert_eq!(mesh.received(client), answer, "{reason}");
    }
}

/// A stream with cookies between its calls, as a peer sends it that wants the next message to be found.
#[test]
fn a_cookie_goes_on_as_it_came() {
    let mut mesh = mesh(None);
    let client = mesh.client();
    mesh.send(client, &[COOKIE, CALL].concat());
    let server = mesh.server().unwrap();
    let forwarded = mesh.received(server);
    assert_eq!(&forwarded[..16], COOKIE);
    // The host has numbered both.
    assert_eq!(
        forwarded[16..][..12],
        *b"\x12\x34\x04\x21\0\0\0\x0c\0\0\0\x02"
    );
}
