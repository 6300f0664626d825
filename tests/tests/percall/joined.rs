//! Both engines, one after the other: captured frames arrive as they were but for their ids.

use bolt::Bolt;
use meshwire::percall::{Settings, Side};
use meshwire::{Command, MessageKind, Plugin, View};
use meshwire_tests::frames::{heartbeat, heartbeat_ack, with_body, with_id};
use meshwire_tests::vectors::vector;

use super::support::{Lines, Pair, captured, parse, with_id_of};

/// Every captured call reaches the server, and an answer the client, both with nothing but their ids changed.
fn passes<P: Plugin>(example: &str) {
    let requests = captured::<P>(example, MessageKind::Request);
    let answers = captured::<P>(example, MessageKind::Response);
    assert!(
        !requests.is_empty() && !answers.is_empty(),
        "{example} has no vectors"
    );
    for step in [1, 3, 64, usize::MAX] {
        let mut pair = Pair::<P>::new(&Settings::default(), step);
        pair.settle();
        for (at, request) in requests.iter().enumerate() {
            call::<P>(&mut pair, request, &answers[at % answers.len()]);
        }
        let counters = pair.up.counters();
        assert_eq!(
            (counters.calls, counters.merged),
            (requests.len() as u64, 0)
        );
        assert_eq!((pair.down.held(), pair.up.held()), (0, 0));
    }
}

fn call<P: Plugin>(pair: &mut Pair<P>, request: &[u8], answer: &[u8]) {
    let sent = parse::<P>(request, true).unwrap();
    pair.client_sends(request);
    let came = core::mem::take(&mut pair.server);
    let view = parse::<P>(&came, true).unwrap_or_else(|| panic!("{request:02x?} is lost"));
    assert_eq!(view.raw().len(), came.len());
    assert_eq!(with_id_of::<P>(&view, &sent), request);

    let answer = parse::<P>(answer, false).unwrap();
    pair.server_sends(&with_id_of::<P>(&answer, &view));
    let got = core::mem::take(&mut pair.client);
    assert_eq!(got, with_id_of::<P>(&answer, &sent));
}

#[test]
fn captured_calls_and_answers_pass() {
    passes::<Bolt>("bolt");
    passes::<dubbo::Dubbo>("dubbo");
    passes::<tars::Tars>("tars");
    passes::<baidu_std::BaiduStd>("baidu-std");
    passes::<rocketmq::RocketMq>("rocketmq");
    passes::<ttheader::TtHeader>("ttheader");
    passes::<xml8::Xml8>("xml8");
}

/// The bytes of bolt are compared without the codec.
#[test]
fn nothing_but_the_id_of_a_frame_changes_wherever_it_is_cut() {
    let (request, answer) = (
        vector("bolt", "echo_request"),
        vector("bolt", "echo_response"),
    );
    for at in 0..=request.len().max(answer.len()) {
        let mut pair = Pair::<Bolt>::new(&Settings::default(), usize::MAX);
        let (front, rest) = request.split_at(at.min(request.len()));
        pair.client_sends(front);
        pair.client_sends(rest);
        assert_eq!(pair.server, with_id(&request, 1), "{at}");
        let reply = with_id(&answer, 1);
        let (front, rest) = reply.split_at(at.min(reply.len()));
        pair.server_sends(front);
        pair.server_sends(rest);
        assert_eq!(pair.client, with_id(&answer, 1), "{at}");
    }
}

#[test]
fn one_way_calls_pass_and_have_no_answer() {
    let call = vector("bolt", "fire_oneway");
    let mut pair = Pair::<Bolt>::new(&Settings::default(), 10);
    pair.client_sends(&call);
    pair.client_sends(&call);
    assert_eq!(pair.server, [with_id(&call, 1), with_id(&call, 3)].concat());
    assert!(pair.client.is_empty());
    assert_eq!((pair.down.calls(), pair.up.calls()), (0, 0));
}

#[test]
fn heartbeats_of_both_sides_are_answered_on_the_spot() {
    let mut pair = Pair::<Bolt>::new(&Settings::default(), 5);
    pair.settle();
    pair.client_sends(&heartbeat(7));
    assert_eq!(
        (&pair.client[..], &pair.server[..]),
        (&heartbeat_ack(7)[..], &b""[..])
    );
    pair.client.clear();
    pair.server_sends(&heartbeat(9));
    assert_eq!(
        (&pair.client[..], &pair.server[..]),
        (&b""[..], &heartbeat_ack(9)[..])
    );
}

/// Equal ids of a client are two calls, as are those of two clients.
#[test]
fn equal_ids_are_different_calls() {
    let request = vector("bolt", "echo_request");
    let answer = vector("bolt", "echo_response");
    let mut pair = Pair::<Bolt>::new(&Settings::default(), usize::MAX);
    pair.client_sends(&[with_id(&request, 5), with_id(&request, 5)].concat());
    assert_eq!(
        pair.server,
        [with_id(&request, 1), with_id(&request, 3)].concat()
    );
    pair.server_sends(&with_id(&with_body(&answer, b"second"), 3));
    pair.server_sends(&with_id(&with_body(&answer, b"first"), 1));
    let answers = [b"second".to_vec(), b"first".to_vec()].map(|body| with_body(&answer, &body));
    assert_eq!(
        pair.client,
        answers.map(|answer| with_id(&answer, 5)).concat()
    );
}

#[test]
fn answers_to_nobody_are_dropped() {
    let answer = vector("bolt", "echo_response");
    let mut pair = Pair::<Bolt>::new(&Settings::default(), usize::MAX);
    pair.client_sends(&vector("bolt", "echo_request"));
    pair.server_sends(&with_id(&answer, 2));
    pair.server_sends(&with_id(&answer, 1));
    pair.server_sends(&with_id(&answer, 1));
    assert_eq!(pair.client, with_id(&answer, 1));
    assert_eq!(pair.up.counters().dropped, 2);
}

/// 3,000 frames in one write are more than the server's side takes at a time: they wait, and no more is read.
#[test]
fn calls_beyond_the_limit_of_streams_wait() {
    let (request, answer) = (
        vector("bolt", "plus_request"),
        vector("bolt", "plus_response"),
    );
    let settings = Settings::default();
    let mut pair = Pair::<Bolt>::new(&settings, usize::MAX);
    let all: Vec<u8> = (0..3000).flat_map(|id| with_id(&request, id)).collect();
    pair.client_sends(&all);
    assert!(!pair.down.wants_input(Side::Wire));
    assert_eq!(
        pair.server.len() / request.len(),
        settings.max_calls as usize
    );
    let mut answered = 0;
    while answered < 3000 {
        let calls = core::mem::take(&mut pair.server);
        assert!(!calls.is_empty() && calls.len().is_multiple_of(request.len()));
        for call in calls.chunks(request.len()) {
            let id = Bolt::parse(call).frame().unwrap().id();
            pair.server_sends(&with_id(&answer, id as u32));
            answered += 1;
        }
    }
    let expected: Vec<u8> = (0..3000).flat_map(|id| with_id(&answer, id)).collect();
    assert_eq!(pair.client, expected);
    assert!(pair.down.wants_input(Side::Wire));
    assert_eq!(pair.down.counters().local, 0);
}

use meshwire::Codec as _;

/// A body far beyond the windows of both sides, in both directions.
#[test]
fn large_frames_pass() {
    let body: Vec<u8> = (0..12_000_000_u32).map(|at| (at % 251) as u8).collect();
    let request = with_body(&vector("bolt", "echo_request"), &body);
    let answer = with_body(&vector("bolt", "echo_response"), &body);
    let mut pair = Pair::<Bolt>::new(&Settings::default(), 100_000);
    pair.client_sends(&with_id(&request, 8));
    assert!(pair.server == with_id(&request, 1));
    pair.server_sends(&with_id(&answer, 1));
    assert!(pair.client == with_id(&answer, 8));
    assert_eq!((pair.down.held(), pair.up.held()), (0, 0));
}

#[test]
fn a_side_that_has_ended_ends_the_calls() {
    let request = vector("bolt", "echo_request");
    let answer = vector("bolt", "echo_response");
    let log = Lines::default();
    // The client has said all: its call is answered, then the connection closes.
    let mut pair = Pair::<Bolt>::new(&Settings::default(), usize::MAX);
    pair.client_sends(&request);
    pair.down.end(Side::Wire, &log);
    assert_eq!(pair.down.state(), meshwire::percall::State::Draining);
    pair.server_sends(&with_id(&answer, 1));
    assert_eq!(pair.client, answer);
    assert_eq!(pair.down.state(), meshwire::percall::State::Closed);
    // The server is gone: the call fails, and the connection to it closes.
    let mut pair = Pair::<Bolt>::new(&Settings::default(), usize::MAX);
    pair.client_sends(&request);
    pair.up.end(Side::Wire, &log);
    assert_eq!(pair.up.state(), meshwire::percall::State::Closed);
    pair.settle();
    assert_eq!(pair.client, meshwire_tests::frames::response(1, 3));
}
