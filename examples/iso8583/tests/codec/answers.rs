//! Answers in the place of an issuer.

use iso8583::Iso8583;
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// What a client gets of a mesh that answers for this reason.
fn answered(request: &[u8], reason: u32) -> String {
    let mut mesh = Sidecar::start(Native::<Iso8583>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, request);
    let answer = mesh.received(client);
    assert_eq!(mesh.failures(), []);
    let (length, rest) = answer.split_at(2);
    assert_eq!(length, u16::try_from(rest.len()).unwrap().to_be_bytes());
    // The addresses of the TPDU, the other way round.
    assert_eq!(rest[..5], *b"\x60\x45\x67\x01\x23");
    String::from_utf8(rest[5..].to_vec()).unwrap()
}

/// With the elements by which an acquirer finds its transaction, without track and PIN.
#[test]
fn an_answer_repeats_what_was_asked() {
    for (reason, code) in [
        (200, "00"),
        (403, "57"),
        (404, "92"),
        (502, "91"),
        (504, "68"),
        (0, "96"),
    ] {
        let expected = format!(
            "0210723800010AC08000164761340000000019000000000000001250113014253000001715253011300612345\
             6633415000017{code}TERM01  MERCHANT 0001  978"
        );
        assert_eq!(answered(&vector("request"), reason), expected, "{reason}");
    }
}

/// The function is that of an answer to an advice, and the answer is no repeat.
#[test]
fn an_advice_that_is_sent_again_has_the_answer_of_an_advice() {
    let answer = answered(&vector("reversal"), 503);
    assert_eq!(answer[..4], *"0430");
    assert!(answer.contains("91TERM01"), "{answer}");
}

/// With a secondary bitmap, for element 70.
#[test]
fn network_management_is_answered_as_such() {
    let answer = answered(&vector("sign_on"), 404);
    let expected = "081082200000020000000400000000000000113014253000000192001";
    assert_eq!(answer, expected);
}
