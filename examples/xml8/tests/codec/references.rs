//! References of clients on their way to a server and back, over instances that share nothing but the
//! host's data.

use meshwire::frame::opaque;
use meshwire::protocol::Level;
use meshwire_testing::emulator::{Native, NativeGuest, Options, Peer, Sidecar};
use meshwire_testing::vectors::Vector;
use xml8::Xml8;

/// The reference in the vectors.
const REFERENCE: &str = "2021062211132754312345";

fn vector(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    let vector = Vector::read(format!("{folder}{name}.hex")).unwrap();
    String::from_utf8(vector.bytes).unwrap()
}

/// A frame with another reference.
fn with_reference(frame: &str, reference: &str) -> String {
    let document = frame[8..].replace(REFERENCE, reference);
    format!("{:08}{document}", document.len())
}

/// The reference that the host gives the call of this number on a connection.
fn of_host(number: u64) -> String {
    format!("mw-{number:016x}")
}

/// A mesh of two instances, which take turns.
fn mesh() -> Sidecar<NativeGuest> {
    let options = Options::new().instances(2);
    Sidecar::start(Native::<Xml8>::new(), &options).unwrap()
}

fn received(mesh: &mut Sidecar<NativeGuest>, peer: Peer) -> String {
    String::from_utf8(mesh.received(peer)).unwrap()
}

#[test]
fn a_server_sees_a_reference_of_the_host_and_a_client_its_own() {
    let mut mesh = mesh();
    let client = mesh.client();
    for number in 1..=4 {
        let reference = format!("R-{number}");
        mesh.send(
            client,
            with_reference(&vector("request"), &reference).as_bytes(),
        );
        let server = mesh.server().unwrap();
        let sent = with_reference(&vector("request"), &of_host(number));
        assert_eq!(received(&mut mesh, server), sent);
        let answer = with_reference(&vector("answer"), &of_host(number));
        mesh.send(server, answer.as_bytes());
        let answer = with_reference(&vector("answer"), &reference);
        assert_eq!(received(&mut mesh, client), answer);
    }
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_client_knows_its_call_when_the_server_was_too_slow() {
    let mut mesh = mesh();
    let [one, two] = [mesh.client(), mesh.client()];
    for client in [one, two] {
        mesh.send(client, vector("request").as_bytes());
    }
    mesh.pass(mesh.policy.timeout);
    for client in [one, two] {
        let answer = received(&mut mesh, client);
        let reference = format!("<ExternalReference>{REFERENCE}</ExternalReference>");
        assert!(answer.contains(&reference), "{answer}");
        assert!(answer.contains("<ReturnCode>504</ReturnCode>"), "{answer}");
    }
    assert_eq!(mesh.failures(), []);
}

/// An answer to a reference that the host did not make belongs to no call.
#[test]
fn a_server_must_give_back_the_reference_that_it_got() {
    let mut mesh = mesh();
    let client = mesh.client();
    mesh.send(client, vector("request").as_bytes());
    let server = mesh.server().unwrap();
    mesh.send(server, vector("answer").as_bytes());
    assert_eq!(received(&mut mesh, client), "");
    assert_eq!(mesh.waiting(), 1);
}

/// A host gives every call an id of its own, also where a connection has one call at a time.
#[test]
fn no_pool_keeps_references() {
    use meshwire::PoolMode::{Multiplex, PingPong, Tcp};
    for pool in [Multiplex, PingPong, Tcp] {
        let mut mesh = mesh();
        mesh.policy.pool = pool;
        let client = mesh.client();
        mesh.send(client, vector("request").as_bytes());
        let server = mesh.server().unwrap();
        let sent = with_reference(&vector("request"), &of_host(1));
        assert_eq!(received(&mut mesh, server), sent, "{pool:?}");
    }
}

/// The README says how many references there are in one entry of the host's data, and how many entries.
#[test]
fn the_ninth_reference_of_an_entry_makes_the_host_forget_the_first() {
    const FIRST: &str = "first";
    let entry = |reference: &str| opaque::number(reference.as_bytes()) % 8192;
    let others = (0..).map(|number| format!("other-{number}"));
    let others: Vec<_> = others
        .filter(|other| entry(other) == entry(FIRST))
        .take(8)
        .collect();
    let number = of_host(opaque::number(FIRST.as_bytes()));
    for (others, reference, warnings) in [(&others[1..], FIRST, 0), (&others[..], &number, 1)] {
        let mut mesh = mesh();
        let client = mesh.client();
        for reference in [FIRST].into_iter().chain(others.iter().map(String::as_str)) {
            let request = with_reference(&vector("request"), reference);
            mesh.send(client, request.as_bytes());
        }
        let server = mesh.server().unwrap();
        let answer = with_reference(&vector("answer"), &of_host(1));
        mesh.send(server, answer.as_bytes());
        // A forgotten one is answered under the number that represents it.
        let answer = with_reference(&vector("answer"), reference);
        assert_eq!(received(&mut mesh, client), answer);
        assert_eq!(mesh.emulator().logs(Level::Warn).len(), warnings);
    }
}
