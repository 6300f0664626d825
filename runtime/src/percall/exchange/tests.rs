//! Single calls, of a small protocol.

use super::*;
use crate::percall::{Budget, Settings};
use crate::protocol::Level;
use crate::{Frame, HeaderMap, Len, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 3), heartbeat(kind = 5))]
struct Ask {
    #[frame(tag(1, 3, 5))]
    kind: u8,
    #[frame(id)]
    id: u16,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(headers)]
    headers: HeaderMap,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 6))]
struct Answer {
    #[frame(tag(2, 6))]
    kind: u8,
    #[frame(id)]
    id: u16,
    #[frame(status)]
    status: u8,
}

#[protocol(name = "x-small", frames(Ask, Answer), status(200 => 0, 503 => 4, _ => 9))]
struct Small;

struct Silent;

impl Log for Silent {
    fn log(&self, _: Level, _: &str) {}
}

const CALL: &[u8] = &[1, 0, 7, 0, 0];

fn exchange(settings: Settings, budget: usize) -> (Exchange<Small>, Arc<Budget>) {
    let budget = Budget::new(budget);
    let module = Module::new(settings, (), budget.clone());
    (Exchange::new(module), budget)
}

fn start() -> Exchange<Small> {
    exchange(Settings::default(), 1 << 20).0
}

fn status(step: &Step) -> Option<&'static str> {
    step.reply.as_ref().map(|reply| reply.status)
}

#[test]
fn a_call_goes_as_it_came_and_so_does_its_answer() {
    let (mut exchange, budget) = exchange(Settings::default(), 1 << 20);
    assert_eq!(
        exchange.request(&CALL[..2], false, &Silent),
        Step::default()
    );
    assert_eq!(budget.held(), 2);
    let step = exchange.request(&CALL[2..], true, &Silent);
    assert_eq!((&step.wire[..], &step.reply), (CALL, &None));
    // Another call's answer, a heartbeat, and the answer in two parts.
    let step = exchange.answer(&[2, 0, 8, 0, 5, 0, 9, 0, 0, 2, 0], &Silent);
    assert_eq!((&step.wire[..], &step.reply), (&[6, 0, 9, 0][..], &None));
    let step = exchange.answer(&[7, 4], &Silent);
    let reply = step.reply.unwrap();
    assert_eq!(
        (reply.status, reply.is_frame, &reply.body[..]),
        ("503", true, &[2, 0, 7, 4][..])
    );
    assert!(exchange.is_over());
    assert_eq!(
        (budget.held(), exchange.answer(&[2, 0, 7, 0], &Silent)),
        (0, Step::default())
    );
}

#[test]
fn headers_of_envoy_are_merged() {
    let headers: Headers<'_> = &|name| (name == "traceparent").then(|| b"t".to_vec());
    let mut exchange = start();
    exchange.headers(headers);
    let step = exchange.request(CALL, true, &Silent);
    let view = <Small as crate::Codec>::parse(&step.wire).frame().unwrap();
    let merged: Vec<_> = view
        .header_map()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.to_vec(), value.to_vec()))
        .collect();
    assert_eq!(
        (view.id(), merged),
        (7, vec![(b"traceparent".to_vec(), b"t".to_vec())])
    );
}

#[test]
fn a_one_way_call_is_answered_when_it_goes() {
    let step = start().request(&[3, 0, 7, 0, 0], true, &Silent);
    let reply = step.reply.unwrap();
    assert_eq!(
        (
            step.wire.len(),
            reply.status,
            reply.is_frame,
            reply.body.len()
        ),
        (5, "200", true, 0)
    );
}

#[test]
fn what_is_no_call_is_refused() {
    for wrong in [
        &b""[..],
        &[1, 0, 7, 0],
        &[1, 0, 7, 0, 0, 0],
        &[9, 9, 9, 9, 9],
        &[2, 0, 7, 0],
        &[5, 0, 7, 0, 0],
    ] {
        let step = start().request(wrong, true, &Silent);
        assert_eq!(
            (status(&step), step.wire.len()),
            (Some("400"), 0),
            "{wrong:?}"
        );
    }
    let settings = Settings {
        max_frame: 4,
        ..Settings::default()
    };
    let step = exchange(settings, 1 << 20).0.request(CALL, true, &Silent);
    assert_eq!(status(&step), Some("413"));
    let step = exchange(Settings::default(), 4)
        .0
        .request(CALL, true, &Silent);
    assert_eq!(status(&step), Some("503"));
}

#[test]
fn an_answer_that_is_no_frame_is_a_bad_gateway() {
    let mut exchange = start();
    exchange.request(CALL, true, &Silent);
    let step = exchange.answer(b"HTTP/1.1 200 OK", &Silent);
    assert_eq!(
        (status(&step), step.reply.unwrap().is_frame),
        (Some("502"), false)
    );
}
