//! Answers in the place of a server, and frames of streams. The bytes are derived by hand.

use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use trpc::Trpc;

/// Id 7, `s`, `/f`, and a body of two bytes.
const CALL: &[u8] = b"\x09\x30\0\0\0\0\0\x1b\0\x09\0\0\0\0\0\0\x18\x07\x32\x01s\x3a\x02/fhi";
/// Data of the stream 5.
const DATA: &[u8] = b"\x09\x30\x01\x02\0\0\0\x12\0\0\0\0\0\x05\0\0hi";

fn mesh(route: Option<u32>) -> Sidecar<meshwire_testing::emulator::NativeGuest> {
    let mut mesh = Sidecar::start(Native::<Trpc>::new(), &Options::new()).unwrap();
    if let Some(status) = route {
        mesh.policy.route = Route::hijack(status);
    }
    mesh
}

#[test]
fn an_answer_says_why_it_was_made() {
    for (reason, ret, text) in [
        (404, &b"\x20\x83\x01"[..], "no route"),
        (504, b"\x20\x65", "the upstream did not answer in time"),
    ] {
        let mut mesh = mesh(Some(reason));
        let client = mesh.client();
        mesh.send(client, CALL);
        let text = ["the mesh has answered: ", text].concat();
        let len = u8::try_from(text.len()).unwrap();
        let head = [b"\x18\x07", ret, &[0x32, len], text.as_bytes()].concat();
        let head_len = u8::try_from(head.len()).unwrap();
        let fixed = [
            9,
            0x30,
            0,
            0,
            0,
            0,
            0,
            16 + head_len,
            0,
            head_len,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        assert_eq!(mesh.received(client), [&fixed[..], &head].concat());
    }
}

#[test]
fn a_frame_of_a_stream_goes_on_as_it_came() {
    let mut mesh = mesh(None);
    let client = mesh.client();
    mesh.send(client, &[DATA, CALL].concat());
    let server = mesh.server().unwrap();
    let forwarded = mesh.received(server);
    assert_eq!(&forwarded[..18], DATA);
    assert_eq!(forwarded.len(), DATA.len() + CALL.len());
}
