//! Rules on calls that cannot be judged: none is forwarded.

use super::*;

/// A call with these bytes as its headers.
fn ask_with(kind: u8, id: u32, headers: &[u8]) -> Vec<u8> {
    let length = (headers.len() as u16).to_be_bytes();
    [&[kind][..], &id.to_be_bytes(), &length, headers].concat()
}

fn pairs(texts: &[&str]) -> Vec<u8> {
    let sized = |text: &&str| [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    texts.iter().flat_map(sized).collect()
}

/// A service, then a pair that is cut.
fn cut() -> Vec<u8> {
    [&pairs(&["service", "b"])[..], b"\0\0\0\x05kx"].concat()
}

#[test]
fn a_call_whose_headers_cannot_be_read_is_denied() {
    let frame = ask_with(1, 7, &cut());
    for size in 1..=frame.len() {
        let mut context = Context::new(DENY);
        let mut there = Vec::new();
        for chunk in frame.chunks(size) {
            there.extend(context.becomes(Downstream, chunk));
        }
        assert_eq!(there, heartbeats(7)[0], "in chunks of {size}");
        assert_eq!(context.becomes(Upstream, &heartbeats(7)[1]), denied(7));
        context.counts(&[
            ("bad_headers", 1),
            ("denied", 1),
            ("denied.unreadable", 1),
            ("denied_replies", 1),
            ("call.none.none.denied", 1),
        ]);
        let wanted = format!(
            "x-acme denied service=none method=none id=7 request={} cause=unreadable action=reply",
            frame.len()
        );
        assert_eq!(context.host.logged(Level::Warn), [wanted]);
    }
    // The same one-way, from the server, and where denied calls are not answered.
    let mut context = Context::new(DENY);
    assert_eq!(context.becomes(Downstream, &ask_with(2, 7, &cut())), b"");
    assert_eq!(context.sends(Upstream, &frame), Action::Close);
    assert_eq!(Context::new(CLOSE).sends(Downstream, &frame), Action::Close);
}

#[test]
fn without_rules_such_a_call_passes() {
    let mut context = Context::new("");
    context.passes(Downstream, &ask_with(1, 7, &cut()));
    context.counts(&[("bad_headers", 1), ("denied", 0), ("frames.request", 1)]);
}

#[test]
fn every_value_of_a_repeated_header_counts() {
    let calls = [
        (
            &["service", "x", "service", "a", "method", "drop"][..],
            "ambiguous",
        ),
        (
            &["service", "a", "method", "y", "method", "drop"],
            "ambiguous",
        ),
        (
            &["SERVICE", "a", "service", "x", "method", "drop"],
            "ambiguous",
        ),
        (&["service", "a", "service", "a", "method", "drop"], "rule"),
        (&["method", "drop"], "unnamed"),
        (&["service", "", "method", "drop"], "unnamed"),
        (&["service", "a"], "unnamed"),
        (&[], "unnamed"),
    ];
    for (headers, cause) in calls {
        let mut context = Context::new(DENY);
        let frame = ask_with(1, 3, &pairs(headers));
        assert_eq!(
            context.becomes(Downstream, &frame),
            heartbeats(3)[0],
            "{headers:?}"
        );
        context.counts(&[("denied", 1), (&format!("denied.{cause}"), 1)]);
    }
}

#[test]
fn what_no_rule_can_be_about_passes() {
    let mut context = Context::new(DENY);
    for headers in [
        &["service", "x", "service", "b", "method", "drop"][..],
        &["service", "b"],
        &["method", "y"],
        &["service", "a", "method", "y", "unrelated", "drop"],
    ] {
        context.passes(Downstream, &ask_with(1, 3, &pairs(headers)));
        context.passes(Upstream, &answer(3, 0));
    }
    context.passes(Downstream, &asking(2, 4, "a", "fire"));
    context.passes(Downstream, &heartbeats(5)[0]);
    context.passes(Upstream, &heartbeats(5)[1]);
    // The server asks too.
    context.passes(Upstream, &ask(6, "b", "x"));
    context.passes(Downstream, &answer(6, 0));
    context.passes(Upstream, &heartbeats(7)[0]);
    context.passes(Downstream, &heartbeats(7)[1]);
    context.counts(&[("denied", 0), ("closed", 0), ("unmatched", 0)]);
}

#[test]
fn bytes_that_are_no_frame_close_in_either_direction() {
    for side in [Downstream, Upstream] {
        let mut context = Context::new(DENY);
        context.passes(Downstream, &ask(1, "a", "x"));
        // After the garbage is a call that a server might find.
        let stream = [b"\xff", &ask(2, "a", "drop")[..]].concat();
        assert_eq!(context.sends(side, &stream), Action::Close);
        assert_eq!(
            context.sends(Downstream, &ask(2, "a", "drop")),
            Action::Hold
        );
        context.counts(&[("bad_frames", 1), ("closed", 1)]);
        let lines = context.host.logged(Level::Warn);
        assert!(
            lines[0].ends_with("; the connection is closed"),
            "{lines:?}"
        );
    }
}

#[test]
fn a_frame_that_is_too_large_to_be_judged_closes() {
    let large = r#"{"deny": [{"method": "drop"}], "max_frame": 60}"#;
    let frame = ask(1, "a", &"x".repeat(100));
    for cut in 7..frame.len() {
        let mut context = Context::new(large);
        assert_eq!(
            context.sends(Downstream, &frame[..cut]),
            Action::Close,
            "{cut}"
        );
        context.counts(&[("large_frames", 1), ("closed", 1)]);
    }
}

#[test]
fn no_byte_of_a_frame_goes_on_before_it_is_judged() {
    for config in [DENY, CLOSE] {
        let mut context = Context::new(config);
        let frames = [ask(2, "a", "x"), heartbeats(3)[0].clone()];
        for frame in frames {
            assert_eq!(context.becomes(Downstream, &frame[..3]), b"");
            assert_eq!(context.becomes(Downstream, &frame[3..]), frame);
        }
        let frame = ask(2, "b", "x");
        assert_eq!(context.becomes(Upstream, &frame[..9]), b"");
        assert_eq!(context.becomes(Upstream, &frame[9..]), frame);
        // An incomplete frame at the end is dropped.
        assert_eq!(context.becomes(Downstream, &frame[..9]), b"");
        assert_eq!(context.reads(Downstream, b"", true), Action::Pass);
        assert_eq!(context.passed, b"");
    }
}

#[test]
fn an_answer_to_no_call_is_no_way_around_a_rule() {
    let mut context = Context::new(DENY);
    let frame = answer(9, 0);
    assert_eq!(context.becomes(Downstream, &frame), b"");
    context.counts(&[("denied", 1), ("denied.unasked", 1), ("unmatched", 1)]);
    let wanted = "x-acme denied service=none method=none id=9 request=7 cause=unasked action=drop";
    assert_eq!(context.host.logged(Level::Warn), [wanted]);
    // Clients serve nothing that a rule could be about.
    context.passes(Upstream, &frame);
    assert_eq!(Context::new(CLOSE).sends(Downstream, &frame), Action::Close);
    Context::new("").passes(Downstream, &frame);
}

#[test]
fn a_call_that_cannot_be_judged_decides_too() {
    let config = r#"{"route": {"clusters": {"a": "blue"}}, "deny": [{"method": "drop"}]}"#;
    let mut context = Context::new(config);
    let frame = ask_with(1, 1, &cut());
    assert_eq!(context.sends(Downstream, &frame[..9]), Action::Hold);
    assert_eq!(context.becomes(Downstream, &frame[9..]), heartbeats(1)[0]);
    assert_eq!(context.host.take_route(), None);
    context.counts(&[("unrouted", 1), ("denied.unreadable", 1)]);
    // Beyond what is held, nothing goes on either.
    let mut context = Context::new(
        r#"{"route": {"clusters": {"a": "blue"}, "hold": 9}, "deny": [{"method": "drop"}]}"#,
    );
    let frame = ask(1, "a", "drop");
    assert_eq!(context.becomes(Downstream, &frame[..9]), b"");
    assert_eq!(context.becomes(Downstream, &frame[9..]), heartbeats(1)[0]);
}
