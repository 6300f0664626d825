use super::super::fixture::{Acme, Memory, answer, ask, asking, heartbeats};
use super::*;

/// A connection and its host.
struct Bed {
    host: Memory,
    connection: Connection<Acme>,
}

impl Bed {
    fn new(config: &str) -> Self {
        let host = Memory::default();
        let config = Config::parse(config.as_bytes()).unwrap();
        let filter = Rc::new(Filter::new::<Acme>(config, &host));
        let connection = Connection::new(filter);
        Self { host, connection }
    }

    fn sends(&mut self, side: Side, bytes: &[u8]) -> Action {
        let bytes = bytes.to_vec();
        self.connection.received(&self.host, side, bytes, false)
    }

    #[track_caller]
    fn passes(&mut self, side: Side, bytes: &[u8]) {
        assert_eq!(self.sends(side, bytes), Action::Pass);
    }

    #[track_caller]
    fn counts(&self, wanted: &[(&str, u64)]) {
        for (name, count) in wanted {
            assert_eq!(self.host.count(name), *count, "{name}");
        }
    }
}

use Side::{Downstream, Upstream};

#[test]
fn a_call_is_timed_from_its_request_to_its_answer() {
    let mut bed = Bed::new(r#"{"access_log": "info"}"#);
    assert_eq!(bed.connection.opened(&bed.host), Action::Pass);
    bed.host.clock.set(1_000_000);
    bed.passes(Downstream, &ask(7, "a.Echo", "echo"));
    bed.host.clock.set(3_500_000);
    bed.passes(Upstream, &answer(7, 4));
    bed.counts(&[
        ("connections", 1),
        ("frames.request", 1),
        ("frames.response", 1),
        ("call.a_Echo.echo.requests", 1),
        ("call.a_Echo.echo.status.4", 1),
    ]);
    assert_eq!(bed.host.recorded("call.a_Echo.echo.latency_us"), [2500]);
    let request = ask(7, "a.Echo", "echo").len();
    assert_eq!(
        bed.host.logged(Level::Info),
        [format!(
            "x-acme call service=a.Echo method=echo id=7 request={request} response=7 status=4 \
             latency_us=2500"
        )]
    );
}

#[test]
fn answers_find_their_calls_in_any_order_and_on_either_side() {
    let mut bed = Bed::new("");
    bed.passes(Downstream, &[ask(1, "a", "x"), ask(2, "a", "y")].concat());
    // The server asks too, with an id of its own that the client uses as well.
    bed.passes(Upstream, &[answer(2, 0), ask(1, "b", "z")].concat());
    bed.passes(Downstream, &answer(1, 5));
    bed.passes(Upstream, &answer(1, 0));
    bed.counts(&[
        ("call.a.x.status.0", 1),
        ("call.a.y.status.0", 1),
        ("call.b.z.status.5", 1),
        ("unmatched", 0),
    ]);
    bed.passes(Upstream, &answer(1, 0));
    bed.counts(&[("unmatched", 1)]);
}

#[test]
fn what_waits_for_no_answer_is_only_counted() {
    let mut bed = Bed::new(r#"{"access_log": "debug"}"#);
    let [heartbeat, ack] = heartbeats(3);
    bed.passes(Downstream, &[asking(2, 9, "a", "fire"), heartbeat].concat());
    bed.passes(Upstream, &ack);
    bed.connection.ended(&bed.host);
    bed.counts(&[
        ("frames.oneway", 1),
        ("call.a.fire.oneway", 1),
        ("frames.heartbeat", 1),
        ("frames.heartbeat_ack", 1),
        ("unanswered", 0),
        ("unmatched", 0),
    ]);
    let size = asking(2, 9, "a", "fire").len();
    assert_eq!(
        bed.host.logged(Level::Debug),
        [format!(
            "x-acme oneway service=a method=fire id=9 request={size}"
        )]
    );
}

#[test]
fn calls_without_answers_are_counted_and_bounded() {
    let mut bed = Bed::new(r#"{"max_calls": 3}"#);
    for id in 0..10 {
        bed.passes(Downstream, &ask(id, "a", "x"));
    }
    bed.counts(&[("forgotten", 7)]);
    bed.connection.ended(&bed.host);
    bed.counts(&[("unanswered", 3)]);
    bed.connection.ended(&bed.host);
    bed.counts(&[("unanswered", 3)]);
}

#[test]
fn what_is_no_frame_passes_and_is_told_once() {
    let mut bed = Bed::new("");
    bed.passes(Downstream, &ask(1, "a", "x"));
    bed.passes(Downstream, b"GET / HTTP/1.1\r\n");
    assert_eq!(
        bed.connection.unseen(Downstream, 10),
        None,
        "nothing is copied any more"
    );
    assert_eq!(bed.connection.unseen(Upstream, 10), None);
    bed.passes(Downstream, b"\r\n");
    bed.passes(Upstream, b"\xff\xff");
    bed.counts(&[("frames.request", 1), ("bad_frames", 1)]);
    let lines = bed.host.logged(Level::Warn);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(
        line.starts_with("x-acme no frame from downstream: "),
        "{line}"
    );
    assert!(
        line.ends_with("; the connection passes unseen from here on"),
        "{line}"
    );
}

#[test]
fn what_is_no_frame_closes_where_that_is_asked_for() {
    let mut bed = Bed::new(r#"{"on_bad_frame": "close"}"#);
    bed.passes(Downstream, &ask(1, "a", "x"));
    assert_eq!(bed.sends(Upstream, b"\xff"), Action::Close);
    assert_eq!(
        bed.sends(Upstream, b"\xff"),
        Action::Hold,
        "it is closed once"
    );
    bed.counts(&[("bad_frames", 1)]);
}

#[test]
fn a_frame_that_is_too_large_is_not_kept() {
    let mut bed = Bed::new(r#"{"max_frame": 60}"#);
    bed.passes(Downstream, &ask(1, "a", "x"));
    bed.passes(Downstream, &ask(1, "a", &"x".repeat(100))[..20]);
    bed.counts(&[("large_frames", 1), ("bad_frames", 0)]);
    assert_eq!(bed.connection.unseen(Downstream, 10), None);
}

#[test]
fn a_denied_call_does_not_get_through_whole() {
    let deny = r#"{"deny": [{"service": "a", "method": "drop"}]}"#;
    let frame = ask(2, "a", "drop");
    for cut in 0..frame.len() {
        let mut bed = Bed::new(deny);
        bed.passes(Downstream, &ask(1, "a", "x"));
        if cut > 0 {
            bed.passes(Downstream, &frame[..cut]);
        }
        assert_eq!(bed.sends(Downstream, &frame[cut..]), Action::Close, "{cut}");
        bed.counts(&[
            ("denied", 1),
            ("call.a.drop.denied", 1),
            ("call.a.drop.requests", 0),
        ]);
        let wanted = format!(
            "x-acme denied service=a method=drop id=2 request={}",
            frame.len()
        );
        assert_eq!(bed.host.logged(Level::Warn), [wanted]);
    }
}

const ROUTE: &str = r#"{"route": {"clusters": {"a": "blue"}, "hold": 200}}"#;

#[test]
fn the_first_frame_decides_where_a_connection_goes() {
    let mut bed = Bed::new(ROUTE);
    let frame = ask(1, "a", "x");
    assert_eq!(bed.connection.opened(&bed.host), Action::Hold);
    assert_eq!(bed.connection.unseen(Downstream, 4), Some(0));
    assert_eq!(bed.sends(Downstream, &frame[..4]), Action::Hold);
    // The host comes again with all of it.
    assert_eq!(bed.connection.unseen(Downstream, 4), None);
    assert_eq!(bed.connection.unseen(Downstream, frame.len()), Some(4));
    assert_eq!(bed.sends(Downstream, &frame[4..]), Action::Pass);
    assert_eq!(*bed.host.routes.borrow(), ["blue"]);
    // From here on the host's buffer has new bytes only.
    assert_eq!(bed.connection.unseen(Downstream, 3), Some(0));
    bed.passes(Downstream, &ask(2, "b", "x"));
    bed.counts(&[("routed", 1), ("unrouted", 0), ("frames.request", 2)]);
}

#[test]
fn what_names_no_cluster_goes_where_the_host_sends_it() {
    let [heartbeat, _] = heartbeats(1);
    for first in [ask(1, "b", "x"), heartbeat, b"\xffgarbage".to_vec()] {
        let mut bed = Bed::new(ROUTE);
        bed.passes(Downstream, &first);
        bed.passes(Downstream, &ask(2, "a", "x"));
        assert!(bed.host.routes.borrow().is_empty());
        bed.counts(&[("routed", 0)]);
    }
}

#[test]
fn nobody_is_held_for_good() {
    let mut bed = Bed::new(ROUTE);
    let frame = ask(1, "a", &"x".repeat(500));
    assert_eq!(bed.sends(Downstream, &frame[..199]), Action::Hold);
    bed.passes(Downstream, &frame[199..200]);
    bed.passes(Downstream, &frame[200..]);
    bed.counts(&[("unrouted", 1), ("frames.request", 1)]);

    let mut bed = Bed::new(ROUTE);
    assert_eq!(bed.sends(Downstream, &frame[..9]), Action::Hold);
    let end = bed
        .connection
        .received(&bed.host, Downstream, Vec::new(), true);
    assert_eq!(end, Action::Pass);
}
