//! Calls whose numbers the id field cannot hold: the host counts them up and never begins again.

use meshwire::protocol::{Level, Plugin, PoolMode};
use meshwire::{Bytes, Frame, Len, protocol};
use meshwire_testing::emulator::{Guest, Native, Options, Peer, Sidecar};

/// A message with an id of 16 bits, as DNS and MQTT have it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind = 2),
    oneway(kind = 3),
    heartbeat(kind = 4),
    heartbeat_ack(kind = 5)
)]
struct Narrow {
    #[frame(tag(1, 2, 3, 4, 5))]
    kind: u8,
    #[frame(id)]
    id: u16,
    #[frame(status)]
    status: u8,
    #[frame(len_of = body)]
    length: Len<u16>,
    #[frame(body)]
    body: Bytes,
}

pub(super) const CALL: u8 = 1;
pub(super) const ANSWER: u8 = 2;
const ONE_WAY: u8 = 3;
const ACK: u8 = 5;

/// A frame without a body.
fn frame(kind: u8, id: u16) -> Vec<u8> {
    [&[kind], &id.to_be_bytes()[..], &[0, 0, 0]].concat()
}

/// The ids of all frames of these bytes, which have no bodies.
fn ids(bytes: &[u8]) -> Vec<u16> {
    let frames = bytes.chunks_exact(6);
    frames
        .map(|frame| u16::from_be_bytes([frame[1], frame[2]]))
        .collect()
}

/// Three instances in turns, and a connection to a server that has had so many calls before.
pub(super) fn mesh<P: Plugin>(first_id: u64) -> Sidecar<impl Guest> {
    let options = Options::new().instances(3);
    let mut mesh = Sidecar::start(Native::<P>::new(), &options).unwrap();
    mesh.policy.first_id = first_id;
    mesh
}

pub(super) fn warnings(mesh: &Sidecar<impl Guest>) -> Vec<String> {
    mesh.emulator().logs(Level::Warn)
}

/// A call goes out, and the server echoes it; the id that the server has seen.
fn echoed(mesh: &mut Sidecar<impl Guest>, client: Peer, id: u16) -> u16 {
    mesh.send(client, &frame(CALL, id));
    let server = mesh.server().unwrap();
    let mut answer = mesh.received(server);
    answer[0] = ANSWER;
    mesh.send(server, &answer);
    assert_eq!(mesh.received(client), frame(ANSWER, id));
    ids(&answer)[0]
}

#[protocol(name = "x-narrow", frames(Narrow), status(504 => 4, _ => 1))]
struct Narrows;

/// One connection outlives the numbers of its id field.
#[test]
fn ids_begin_again_when_the_field_is_full() {
    let mut mesh = mesh::<Narrows>(1);
    let client = mesh.client();
    for call in 1..70_000_u32 {
        let seen = u32::from(echoed(&mut mesh, client, 7));
        if call < 0x8000 {
            assert_eq!(seen, call, "a number that fits is written as it is");
        } else {
            assert!(seen >= 0x8000, "{call}: {seen}");
        }
    }
    assert_eq!((mesh.failures(), warnings(&mesh).len()), (&[][..], 0));
}

/// Two connections to servers have calls of the same number at the same time, each through other instances
/// than its answer.
#[test]
fn connections_do_not_get_the_answers_of_others() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    mesh.policy.pool = PoolMode::Tcp;
    let clients = [mesh.client(), mesh.client()];
    let servers = clients.map(|client| {
        mesh.send(client, &frame(CALL, 1));
        mesh.server().unwrap()
    });
    for client in clients {
        for id in 2..50 {
            mesh.send(client, &frame(CALL, id));
        }
    }
    let sent = servers.map(|server| ids(&mesh.received(server)));
    let mut all = sent.concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 98, "all calls under way have ids of their own");
    for (server, sent) in servers.into_iter().zip(&sent) {
        let answers = sent.iter().rev().map(|id| frame(ANSWER, *id));
        mesh.send(server, &answers.collect::<Vec<_>>().concat());
    }
    for client in clients {
        let expected = (1..50).rev().map(|id| frame(ANSWER, id));
        assert_eq!(mesh.received(client), expected.collect::<Vec<_>>().concat());
    }
    assert_eq!((mesh.waiting(), mesh.failures()), (0, &[][..]));
}

/// A server that answers after the client has got a timeout answers no other call.
#[test]
fn a_late_answer_is_for_no_other_call() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    mesh.policy.timeout = 1000;
    let client = mesh.client();
    mesh.send(client, &frame(CALL, 7));
    let server = mesh.server().unwrap();
    let late = mesh.received(server);
    mesh.pass(1000);
    assert_eq!(mesh.received(client), b"\x02\0\x07\x04\0\0", "timeout");
    // All other ids are used once meanwhile.
    for _ in 0..0x7fff {
        assert_ne!(echoed(&mut mesh, client, 8), ids(&late)[0]);
    }
    mesh.send(client, &frame(CALL, 9));
    mesh.received(server);
    let mut answer = late.clone();
    answer[0] = ANSWER;
    mesh.send(server, &answer);
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.waiting(), 1);
}

#[test]
fn heartbeats_are_answered_beyond_the_field_too() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    let client = mesh.client();
    echoed(&mut mesh, client, 7);
    let server = mesh.server().unwrap();
    for _ in 0..10 {
        mesh.heartbeat(server);
        let beat = mesh.received(server);
        assert_eq!(beat[0], 4);
        mesh.send(server, &frame(ACK, ids(&beat)[0]));
        mesh.pass(1000);
    }
    assert!(
        mesh.is_open(server),
        "six heartbeats without an answer end it"
    );
    assert_eq!(mesh.failures(), []);
    // A client's heartbeat has any id.
    mesh.send(client, &frame(4, 0xffff));
    assert_eq!(mesh.received(client), frame(ACK, 0xffff));
}

/// They are not answered, so they take no id from the calls that are answered.
#[test]
fn one_way_calls_keep_no_ids() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    mesh.policy.timeout = u64::MAX;
    let client = mesh.client();
    mesh.send(client, &frame(ONE_WAY, 7));
    let server = mesh.server().unwrap();
    for _ in 0..0x8000 {
        mesh.send(client, &frame(ONE_WAY, 7));
    }
    let seen = ids(&mesh.received(server));
    assert!(seen.len() == 0x8001 && seen.iter().all(|id| *id < 0x8000));
    assert_eq!(echoed(&mut mesh, client, 8), 0x8000);
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_call_that_is_sent_again_is_answered() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    let client = mesh.client();
    echoed(&mut mesh, client, 7);
    mesh.break_writes(1);
    echoed(&mut mesh, client, 7);
    mesh.policy.try_timeout = Some(10);
    mesh.policy.retries = 1;
    mesh.send(client, &frame(CALL, 8));
    mesh.pass(10);
    let server = mesh.server().unwrap();
    let sent = ids(&mesh.received(server));
    assert_eq!(sent.len(), 2);
    mesh.send(server, &frame(ANSWER, sent[1]));
    assert_eq!(mesh.received(client), frame(ANSWER, 8));
}

/// A server that answers twice answers no other call.
#[test]
fn an_answer_that_comes_twice_is_for_no_other_call() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    let client = mesh.client();
    let first = echoed(&mut mesh, client, 7);
    mesh.send(client, &frame(CALL, 8));
    let server = mesh.server().unwrap();
    let second = ids(&mesh.received(server))[0];
    mesh.send(server, &frame(ANSWER, first));
    assert_eq!((mesh.received(client), mesh.waiting()), (vec![], 1));
    mesh.send(server, &frame(ANSWER, second));
    assert_eq!(mesh.received(client), frame(ANSWER, 8));
}

/// More calls than there are ids for are refused, and those after them are not.
#[test]
fn a_call_without_an_id_is_refused_and_others_go_on() {
    let mut mesh = mesh::<Narrows>(0x1_0000);
    mesh.policy.timeout = u64::MAX;
    let client = mesh.client();
    for _ in 0..0x8000 {
        mesh.send(client, &frame(CALL, 7));
    }
    let server = mesh.server().unwrap();
    let sent = ids(&mesh.received(server));
    assert_eq!((sent.len(), mesh.received(client)), (0x8000, vec![]));
    mesh.send(client, &frame(CALL, 9));
    assert_eq!(mesh.received(client), b"\x02\0\x09\x01\0\0", "refused");
    let line = "cannot encode: no free id, too many calls are waiting for a response";
    assert_eq!(warnings(&mesh), [line]);
    for id in &sent {
        mesh.send(server, &frame(ANSWER, *id));
    }
    mesh.received(client);
    echoed(&mut mesh, client, 10);
}

/// An id of one byte.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2))]
struct Tiny {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: u8,
    #[frame(len_of = body)]
    length: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-tiny", frames(Tiny), status(_ => 1), keep_alive = none)]
struct Tinies;

/// A request that cannot be encoded leaves its id to others.
#[test]
fn a_call_that_does_not_go_out_keeps_no_id() {
    let mut mesh = mesh::<Tinies>(0x1_0000);
    let client = mesh.client();
    mesh.filter_requests(|request| request.data = vec![0; 0x100].into());
    for _ in 0..200 {
        mesh.send(client, b"\x01\x07\0");
        assert_eq!(mesh.received(client), b"\x02\x07\0", "refused");
    }
    mesh.filter_requests(|_| {});
    mesh.send(client, b"\x01\x08\0");
    let server = mesh.server().unwrap();
    let sent = mesh.received(server);
    assert_eq!(sent, [1, 0x80 + 200 % 0x80, 0]);
    mesh.send(server, &[2, sent[1], 0]);
    assert_eq!(mesh.received(client), b"\x02\x08\0");
}
