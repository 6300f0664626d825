//! Answers instead of a server.

use meshwire::{Codec, Command, Response};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;
use xml8::Xml8;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// The document of a frame.
fn document(frame: &[u8]) -> String {
    let (length, document) = frame.split_at(8);
    let document = str::from_utf8(document).unwrap();
    assert_eq!(length, format!("{:08}", document.len()).as_bytes());
    document.to_owned()
}

/// What a client of a mesh gets that answers for this reason, and the status in it.
fn hijacked(request: &[u8], reason: u32) -> (String, Option<i64>) {
    let mut mesh = Sidecar::start(Native::<Xml8>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, request);
    let got = mesh.received(client);
    assert_eq!(mesh.failures(), []);
    let answer = Xml8::parse(&got).frame().unwrap();
    let status = answer.as_response().map(Response::status);
    (document(&got), status)
}

/// Against the answer of the `xr` codec, which has a message of its own and leaves the body of the request
/// in it.
#[test]
fn a_request_is_answered_with_its_own_header() {
    let (answer, status) = hijacked(&vector("request"), 504);
    assert_eq!(status, Some(504));
    let expected = document(&vector("hijacked"))
        .replace(
            "此请求被劫持，code: 504",
            "the mesh has answered: the upstream did not answer in time",
        )
        .replace("<Request><CustNo>3001504094</CustNo></Request>", "");
    assert_eq!(answer, expected);
}

#[test]
fn a_reason_is_never_success_unless_it_is() {
    for (reason, code) in [
        (200, 0),
        (0, 500),
        (2, 500),
        (3, 500),
        (404, 404),
        (429, 429),
    ] {
        let (answer, status) = hijacked(&vector("no_body"), reason);
        assert_eq!(status, Some(code), "{reason}");
        let code = format!("<ReturnCode>{code}</ReturnCode>");
        assert!(answer.contains(&code), "{reason}: {answer}");
    }
}

/// A declaration and attributes stay, for they say how the rest is to be read.
#[test]
fn what_a_request_says_of_its_return_is_not_kept() {
    let request = "<?xml version='1.0' encoding='GB18030'?>\
        <Service xmlns='urn:x'><Header a='b'> <ReturnCode>0</ReturnCode><RequestType c='d'>0</RequestType>\
        <Response><ReturnCode>1</ReturnCode></Response><ExternalReference>R</ExternalReference>\
        </Header><Body/></Service>";
    let frame = format!("{:08}{request}", request.len());
    let (answer, status) = hijacked(frame.as_bytes(), 404);
    assert_eq!(status, Some(404));
    let expected = "<?xml version='1.0' encoding='GB18030'?>\
        <Service xmlns='urn:x'><Header a='b'><Response><ReturnCode>404</ReturnCode>\
        <ReturnMessage>the mesh has answered: no route</ReturnMessage></Response><RequestType c='d'>1</RequestType>\
        <ExternalReference>R</ExternalReference></Header><Body/></Service>";
    assert_eq!(answer, expected);
}

#[test]
fn the_body_of_a_direct_response_is_in_the_answer() {
    let mut mesh = Sidecar::start(Native::<Xml8>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::Hijack {
        status: 200,
        body: "<Response/>".into(),
    };
    let client = mesh.client();
    mesh.send(client, &vector("request"));
    let answer = document(&mesh.received(client));
    assert!(
        answer.ends_with("<Body><Response/></Body></Service>"),
        "{answer}"
    );
}
