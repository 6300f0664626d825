mod guard;

use super::super::fixture::{Acme, answer, ask, asking, heartbeats};
use super::super::memory::Memory;
use super::*;

/// A connection and its host.
struct Context {
    host: Memory,
    connection: Connection<Acme>,
    /// What the host has of each side.
    buffers: [Vec<u8>; 2],
    /// What has gone on from the last side that has sent.
    passed: Vec<u8>,
}

impl Context {
    fn new(config: &str) -> Self {
        let host = Memory::new("x-acme");
        let config = Config::parse(config.as_bytes()).unwrap();
        let filter = Rc::new(Filter::new(config, &host).unwrap());
        Self {
            connection: Connection::new(filter),
            host,
            buffers: [Vec::new(), Vec::new()],
            passed: Vec::new(),
        }
    }

    fn sends(&mut self, side: Side, bytes: &[u8]) -> Action {
        self.reads(side, bytes, false)
    }

    fn reads(&mut self, side: Side, bytes: &[u8], last: bool) -> Action {
        let mut buffer = core::mem::take(&mut self.buffers[side as usize]);
        buffer.extend_from_slice(bytes);
        let available = buffer.len();
        let connection = &mut self.connection;
        let (action, buffer) = self.host.with(side, buffer, |host| {
            connection.data(host, side, available, last)
        });
        if action == Action::Hold {
            self.buffers[side as usize] = buffer;
        } else {
            self.passed = buffer;
        }
        action
    }

    #[track_caller]
    fn passes(&mut self, side: Side, bytes: &[u8]) {
        assert_eq!(self.sends(side, bytes), Action::Pass);
        assert_eq!(self.passed, bytes, "it was changed");
    }

    /// What goes on where `bytes` were sent.
    #[track_caller]
    fn becomes(&mut self, side: Side, bytes: &[u8]) -> Vec<u8> {
        assert_eq!(self.sends(side, bytes), Action::Pass);
        core::mem::take(&mut self.passed)
    }

    #[track_caller]
    fn counts(&self, wanted: &[(&str, u64)]) {
        self.connection.filter.flush(&self.host);
        for (name, count) in wanted {
            assert_eq!(self.host.count(name), *count, "{name}");
        }
    }
}

use Side::{Downstream, Upstream};

#[test]
fn a_call_is_timed_from_its_request_to_its_answer() {
    let mut context = Context::new(r#"{"access_log": "info"}"#);
    assert_eq!(context.connection.opened(), Action::Pass);
    context.host.wait(1_000_000);
    context.passes(Downstream, &ask(7, "a.Echo", "echo"));
    context.host.wait(2_500_000);
    context.passes(Upstream, &answer(7, 4));
    context.counts(&[
        ("connections", 1),
        ("frames.request", 1),
        ("frames.response", 1),
        ("call.a_Echo.echo.requests", 1),
        ("call.a_Echo.echo.status.4", 1),
    ]);
    assert_eq!(context.host.recorded("call.a_Echo.echo.latency_us"), [2500]);
    let request = ask(7, "a.Echo", "echo").len();
    assert_eq!(
        context.host.logged(Level::Info),
        [format!(
            "x-acme call service=a.Echo method=echo id=7 request={request} response=7 status=4 \
             latency_us=2500"
        )]
    );
}

#[test]
fn answers_find_their_calls_in_any_order_and_on_either_side() {
    let mut context = Context::new("");
    context.passes(Downstream, &[ask(1, "a", "x"), ask(2, "a", "y")].concat());
    // The server asks too, with an id of its own that the client uses as well.
    context.passes(Upstream, &[answer(2, 0), ask(1, "b", "z")].concat());
    context.passes(Downstream, &answer(1, 5));
    context.passes(Upstream, &answer(1, 0));
    context.counts(&[
        ("call.a.x.status.0", 1),
        ("call.a.y.status.0", 1),
        ("call.b.z.status.5", 1),
        ("unmatched", 0),
    ]);
    context.passes(Upstream, &answer(1, 0));
    context.counts(&[("unmatched", 1)]);
}

#[test]
fn what_waits_for_no_answer_is_only_counted() {
    let mut context = Context::new(r#"{"access_log": "debug"}"#);
    let [heartbeat, ack] = heartbeats(3);
    context.passes(Downstream, &[asking(2, 9, "a", "fire"), heartbeat].concat());
    context.passes(Upstream, &ack);
    context.connection.ended();
    context.counts(&[
        ("frames.oneway", 1),
        ("call.a.fire.oneway", 1),
        ("frames.heartbeat", 1),
        ("frames.heartbeat_ack", 1),
        ("unanswered", 0),
        ("unmatched", 0),
    ]);
    let size = asking(2, 9, "a", "fire").len();
    assert_eq!(
        context.host.logged(Level::Debug),
        [format!(
            "x-acme oneway service=a method=fire id=9 request={size}"
        )]
    );
}

#[test]
fn calls_without_answers_are_counted_and_bounded() {
    let mut context = Context::new(r#"{"max_calls": 3}"#);
    for id in 0..10 {
        context.passes(Downstream, &ask(id, "a", "x"));
    }
    // More than three are there at the fourth, the sixth, the eighth and the tenth; two stay.
    context.counts(&[("forgotten", 8)]);
    context.connection.ended();
    context.counts(&[("unanswered", 2)]);
    context.connection.ended();
    context.counts(&[("unanswered", 2)]);
}

#[test]
fn what_is_no_frame_passes_and_is_told_once() {
    let mut context = Context::new("");
    context.passes(Downstream, &ask(1, "a", "x"));
    context.passes(Downstream, b"GET / HTTP/1.1\r\n");
    context.passes(Downstream, b"\r\n");
    context.passes(Upstream, b"\xff\xff");
    context.counts(&[("frames.request", 1), ("bad_frames", 1)]);
    let lines = context.host.logged(Level::Warn);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(
        line.starts_with("x-acme invalid frame from downstream: "),
        "{line}"
    );
    assert!(
        line.ends_with("; the connection is forwarded without inspection from now on"),
        "{line}"
    );
}

#[test]
fn what_is_no_frame_closes_where_that_is_asked_for() {
    let mut context = Context::new(r#"{"on_bad_frame": "close"}"#);
    context.passes(Downstream, &ask(1, "a", "x"));
    assert_eq!(context.sends(Upstream, b"\xff"), Action::Close);
    assert_eq!(
        context.sends(Upstream, b"\xff"),
        Action::Hold,
        "it is closed once"
    );
    context.counts(&[("bad_frames", 1)]);
}

#[test]
fn a_frame_that_is_too_large_is_not_kept() {
    let mut context = Context::new(r#"{"max_frame": 60}"#);
    context.passes(Downstream, &ask(1, "a", "x"));
    context.passes(Downstream, &ask(1, "a", &"x".repeat(100))[..20]);
    context.passes(Downstream, b"\xff");
    context.counts(&[("large_frames", 1), ("bad_frames", 0)]);
}

const DENY: &str = r#"{"deny": [{"service": "a", "method": "drop"}]}"#;
const CLOSE: &str = r#"{"deny": [{"service": "a", "method": "drop"}], "on_denied": "close"}"#;

#[test]
fn no_byte_of_a_denied_call_gets_through() {
    let frame = ask(2, "a", "drop");
    for cut in 0..frame.len() {
        let mut context = Context::new(CLOSE);
        context.passes(Downstream, &ask(1, "a", "x"));
        if cut > 0 {
            assert_eq!(context.becomes(Downstream, &frame[..cut]), b"", "{cut}");
        }
        assert_eq!(
            context.sends(Downstream, &frame[cut..]),
            Action::Close,
            "{cut}"
        );
        context.counts(&[
            ("closed", 1),
            ("denied", 1),
            ("denied.rule", 1),
            ("call.a.drop.denied", 1),
            ("call.a.drop.requests", 0),
        ]);
        let wanted = format!(
            "x-acme denied service=a method=drop id=2 request={} cause=rule action=close",
            frame.len()
        );
        assert_eq!(context.host.logged(Level::Warn), [wanted]);
    }
}

/// The reply of `Acme` to a call that is denied: any reason but 200 is status 9.
fn denied(id: u32) -> Vec<u8> {
    answer(id, 9)
}

#[test]
fn a_denied_call_is_answered_in_the_place_of_a_heartbeat() {
    let [heartbeat, ack] = heartbeats(2);
    let stream = [ask(1, "a", "x"), ask(2, "a", "drop"), ask(3, "a", "y")].concat();
    let answers = [answer(1, 0), ack, answer(3, 0)].concat();
    for size in 1..=stream.len() {
        let mut context = Context::new(DENY);
        let mut there = Vec::new();
        for chunk in stream.chunks(size) {
            there.extend(context.becomes(Downstream, chunk));
        }
        let wanted = [ask(1, "a", "x"), heartbeat.clone(), ask(3, "a", "y")].concat();
        assert_eq!(there, wanted, "in chunks of {size}");
        let mut back = Vec::new();
        for chunk in answers.chunks(size) {
            back.extend(context.becomes(Upstream, chunk));
        }
        let wanted = [answer(1, 0), denied(2), answer(3, 0)].concat();
        assert_eq!(back, wanted, "in chunks of {size}");
        context.counts(&[
            ("denied", 1),
            ("denied_replies", 1),
            ("frames.heartbeat", 0),
            ("frames.heartbeat_ack", 0),
            ("call.a.x.status.0", 1),
            ("call.a.y.status.0", 1),
        ]);
        context.connection.ended();
        context.counts(&[("unanswered", 0)]);
    }
}

#[test]
fn heartbeats_of_the_client_are_its_own() {
    let mut context = Context::new(DENY);
    let [heartbeat, ack] = heartbeats(7);
    context.passes(Downstream, &heartbeat);
    assert_eq!(
        context.becomes(Downstream, &ask(8, "a", "drop")),
        heartbeats(8)[0]
    );
    context.passes(Upstream, &ack);
    assert_eq!(context.becomes(Upstream, &heartbeats(8)[1]), denied(8));
    context.passes(Upstream, &heartbeats(8)[1]);
    context.counts(&[("frames.heartbeat_ack", 2), ("denied_replies", 1)]);
}

#[test]
fn nobody_waits_for_the_answer_to_a_denied_oneway_call() {
    let mut context = Context::new(DENY);
    let stream = [asking(2, 5, "a", "drop"), ask(6, "a", "x")].concat();
    assert_eq!(context.becomes(Downstream, &stream), ask(6, "a", "x"));
    context.counts(&[("denied", 1), ("frames.oneway", 1)]);
    let lines = context.host.logged(Level::Warn);
    assert!(lines[0].ends_with(" cause=rule action=drop"), "{lines:?}");
}

#[test]
fn calls_of_the_server_cannot_be_answered_so() {
    let mut context = Context::new(DENY);
    assert_eq!(context.sends(Upstream, &ask(5, "a", "drop")), Action::Close);
}

#[test]
fn two_denied_calls_by_one_id_end_the_connection() {
    let mut context = Context::new(DENY);
    context.becomes(Downstream, &ask(2, "a", "drop"));
    assert_eq!(
        context.sends(Downstream, &ask(2, "a", "drop")),
        Action::Close
    );
    context.counts(&[("denied", 2), ("denied_replies", 0), ("unanswered", 0)]);
}

const ROUTE: &str = r#"{"route": {"clusters": {"a": "blue"}, "hold": 200}}"#;

#[test]
fn the_first_frame_decides_where_a_connection_goes() {
    let mut context = Context::new(ROUTE);
    let frame = ask(1, "a", "x");
    assert_eq!(context.connection.opened(), Action::Hold);
    assert_eq!(context.sends(Downstream, &frame[..4]), Action::Hold);
    // The host may come without anything new.
    assert_eq!(context.sends(Downstream, b""), Action::Hold);
    assert_eq!(context.host.take_route(), None);
    // It comes again with all of it.
    assert_eq!(context.becomes(Downstream, &frame[4..]), frame);
    assert_eq!(context.host.take_route().as_deref(), Some("blue"));
    // From here on the host's buffer has new bytes only.
    context.passes(Downstream, &ask(2, "b", "x"));
    context.counts(&[("routed", 1), ("unrouted", 0), ("frames.request", 2)]);
    assert_eq!(context.host.take_route(), None);
}

#[test]
fn a_denied_call_decides_too() {
    let mut context =
        Context::new(r#"{"route": {"clusters": {"a": "blue"}}, "deny": [{"method": "drop"}]}"#);
    let frame = ask(1, "a", "drop");
    assert_eq!(context.sends(Downstream, &frame[..20]), Action::Hold);
    assert_eq!(context.becomes(Downstream, &frame[20..]), heartbeats(1)[0]);
    assert_eq!(context.host.take_route().as_deref(), Some("blue"));
    assert_eq!(context.becomes(Upstream, &heartbeats(1)[1]), denied(1));
}

#[test]
fn what_names_no_cluster_goes_where_the_host_sends_it() {
    let [heartbeat, _] = heartbeats(1);
    for first in [ask(1, "b", "x"), heartbeat, b"\xffgarbage".to_vec()] {
        let mut context = Context::new(ROUTE);
        context.passes(Downstream, &first);
        context.passes(Downstream, &ask(2, "a", "x"));
        assert_eq!(context.host.take_route(), None);
        context.counts(&[("routed", 0), ("unrouted", 1)]);
    }
}

#[test]
fn nobody_is_held_for_good() {
    let mut context = Context::new(ROUTE);
    let frame = ask(1, "a", &"x".repeat(500));
    assert_eq!(context.sends(Downstream, &frame[..199]), Action::Hold);
    assert_eq!(context.becomes(Downstream, &frame[199..200]), frame[..200]);
    context.passes(Downstream, &frame[200..]);
    context.counts(&[("unrouted", 1), ("frames.request", 1)]);

    let mut context = Context::new(ROUTE);
    assert_eq!(context.sends(Downstream, &frame[..9]), Action::Hold);
    assert_eq!(context.reads(Downstream, b"", true), Action::Pass);
    assert_eq!(context.passed, frame[..9]);
}

/// A host that has fewer bytes than it announces: unchecked bytes are not forwarded.
#[test]
fn bytes_that_the_host_does_not_give_do_not_pass() {
    let mut context = Context::new("{}");
    let call = ask(7, "a.Echo", "echo");
    let Context {
        host, connection, ..
    } = &mut context;
    let available = call.len() + 1;
    let (action, _) = host.with(Downstream, call, |host| {
        connection.data(host, Downstream, available, false)
    });
    assert_eq!(action, Action::Close);
}
