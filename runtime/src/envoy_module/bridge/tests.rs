//! The bridge on a host in memory.

use super::super::config::Config;
use super::super::tests::{Fake, Small, ask};
use super::*;

fn bridge(host: &Fake) -> Bridge<Small> {
    let config = Config::parse(br#"{"merge": ["tracestate"]}"#).unwrap();
    Bridge::new(config.start(b"x-small", host).unwrap())
}

#[test]
fn a_request_is_a_call_and_its_answer_a_response() {
    let host = Fake::default();
    let bridge = bridge(&host);
    bridge.headers(&host, false);
    host.body.replace(ask(7));
    bridge.data(&host, true);
    let header = [
        0, 0, 0, 10, b't', b'r', b'a', b'c', b'e', b's', b't', b'a', b't', b'e', 0, 0, 0, 1, b't',
    ];
    let sent = [&[1, 0, 7, 0, 19][..], &header].concat();
    assert_eq!(*host.outgoing.borrow(), sent);
    assert!(host.replies.borrow().is_empty());
    host.incoming.replace(vec![2, 0, 7]);
    bridge.response(&host);
    host.incoming.replace(vec![4]);
    bridge.response(&host);
    assert_eq!(host.replies.take(), [(503, true, vec![2, 0, 7, 4])]);
}

#[test]
fn trailers_end_a_body() {
    let host = Fake::default();
    let bridge = bridge(&host);
    bridge.headers(&host, false);
    host.body.replace(vec![3, 0, 7, 0, 0]);
    bridge.data(&host, false);
    assert!(host.outgoing.borrow().is_empty());
    bridge.trailers(&host);
    assert_eq!(host.replies.take(), [(200, true, Vec::new())]);
    assert_eq!(host.outgoing.borrow().first(), Some(&3));
}

#[test]
fn a_request_without_a_body_is_refused() {
    let host = Fake::default();
    bridge(&host).headers(&host, true);
    assert_eq!(host.replies.take(), [(400, false, Vec::new())]);
}
