//! Both sides of a connection under Envoy. The frames were captured between kafka-python 3.0.12 and a broker that
//! answers it two questions.

use kafka::{Kafka, KafkaView};
use meshwire::{Codec, Command, MessageKind, Verdict};
use meshwire_testing::emulator::envoy::Envoy;

const ASK: &[u8] = b"\0\0\0\x0e\0\x12\0\0\0\0\0\x02\0\x04shop";
const ANSWER: &[u8] = b"\0\0\0\x22\0\0\0\x02\0\0\0\0\0\x04\0\x12\0\0\0\0\
    \0\x03\0\0\0\x01\0\0\0\0\0\x02\0\x01\0\0\0\x04";
/// Metadata, whose answer begins as a request of the API 0 would.
const NEXT: &[u8] = b"\0\0\0\x12\0\x03\0\x01\0\0\0\x03\0\x04shop\0\0\0\0";

#[test]
fn the_side_says_what_a_frame_is() {
    let view = Kafka::parse_from_server(ANSWER).frame().unwrap();
    assert!(matches!(view, KafkaView::Response(_)));
    assert_eq!((view.kind(), view.id()), (MessageKind::Response, 2));
    assert_eq!(view.body().len(), 30);
    // The same bytes from a client are a request.
    let view = Kafka::parse(ANSWER).frame().unwrap();
    assert_eq!((view.kind(), view.id()), (MessageKind::Request, 0));
    for cut in 0..ANSWER.len() {
        let verdict = Kafka::parse_from_server(&ANSWER[..cut]);
        assert!(matches!(verdict, Verdict::NeedMore(_)), "{cut}");
    }
}

#[test]
fn envoy_pairs_answers_with_requests() {
    for size in [1, 3, 100] {
        let mut envoy = Envoy::<Kafka>::start("{}").unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send_in_chunks(client, &[ASK, NEXT].concat(), size);
        assert_eq!(envoy.received(server), [ASK, NEXT].concat());
        envoy.send_in_chunks(server, ANSWER, size);
        assert_eq!(envoy.received(client), ANSWER);
        let counted = [
            "frames.request",
            "frames.response",
            "bad_frames",
            "unmatched",
        ];
        let counted = counted.map(|name| envoy.counter(name));
        assert_eq!(counted, [2, 1, 0, 0], "in reads of {size} bytes");
    }
}

/// What a broker sends is no request, so a rule about requests does not apply to it.
#[test]
fn rules_are_about_what_clients_send() {
    let deny = r#"{"deny": [{"service": "18"}]}"#;
    let mut envoy = Envoy::<Kafka>::start(deny).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, NEXT);
    let answer = b"\0\0\0\x08\0\0\0\x03\0\x12\0\0";
    envoy.send(server, answer);
    assert_eq!(envoy.received(client), answer);
    envoy.send(client, ASK);
    assert_eq!(envoy.received(server), NEXT);
    assert!(!envoy.is_open(client));
}
