//! H15, H25: what bytes mean, by themselves.

use meshwire_testing::emulator::{Decoded, Failure, Guest, Module, MosnHost, Options, Status};
use meshwire_tests::frames::{with_body, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::{self, vector};

use super::{decode, frame, start};

on_every_guest!(
    h15_the_direction_is_in_the_bytes,
    h25_garbage_is_an_error_and_not_a_wait,
    h25_a_frame_that_is_too_large_is_refused_at_once,
    h25_the_limit_can_be_lowered,
);

const REFUSED: Decoded = Decoded::Error(Failure::Refused(Status::PARSE_FAILURE));

/// A response that passes for a request makes the host panic on a server's connection.
fn h15_the_direction_is_in_the_bytes(module: &impl Module) {
    let mut emulator = start(module);
    for vector in vectors::good("bolt") {
        let frame = frame(&mut emulator, &vector.bytes);
        assert_eq!(
            frame.is_request(),
            vector.bytes[1] != 0,
            "{}",
            vector.name()
        );
        assert_eq!(
            frame.is_heartbeat(),
            vector.bytes[2..4] == [0, 0],
            "{}",
            vector.name()
        );
    }
}

/// Waiting for more of it would buffer without end.
fn h25_garbage_is_an_error_and_not_a_wait(module: &impl Module) {
    let mut emulator = start(module);
    for vector in vectors::bad("bolt") {
        let mut refused = false;
        for cut in 1..=vector.bytes.len() {
            let decoded = decode(&mut emulator, &vector.bytes[..cut]);
            assert!(decoded == REFUSED || (decoded == Decoded::NeedMore && !refused));
            refused = decoded == REFUSED;
        }
        assert!(refused, "{}", vector.name());
    }
    for byte in (0..=0xff).filter(|byte| *byte != 1) {
        assert_eq!(
            decode(&mut emulator, &[byte]),
            REFUSED,
            "a first byte of {byte}"
        );
    }
}

fn h25_a_frame_that_is_too_large_is_refused_at_once(module: &impl Module) {
    let mut emulator = start(module);
    let heartbeat = vector("bolt", "heartbeat");
    let (front, _) = heartbeat.split_at(18);
    for length in [16 << 20, 0x7fff_ffff, u32::MAX] {
        let bytes = [front, &length.to_be_bytes()].concat();
        assert_eq!(
            decode(&mut emulator, &bytes),
            REFUSED,
            "{length} bytes announced"
        );
    }
    assert_eq!(
        decode(&mut emulator, &[front, &[0, 0xff, 0, 0]].concat()),
        Decoded::NeedMore
    );
}

fn h25_the_limit_can_be_lowered(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 1);
    let limit = request.len();
    let with_limit = |limit: usize| {
        let options = Options::new().plugin("max_frame", limit.to_string());
        MosnHost::start(module, &options).unwrap()
    };
    assert!(matches!(
        decode(&mut with_limit(limit), &request),
        Decoded::Frame(_)
    ));
    let mut emulator = with_limit(limit - 1);
    refused_from_the_front(&mut emulator, &request);
    refused_from_the_front(&mut emulator, &with_body(&request, &vec![0; 70_000]));
}

/// The fixed part says it all.
fn refused_from_the_front(emulator: &mut MosnHost<impl Guest>, request: &[u8]) {
    assert_eq!(decode(emulator, &request[..21]), Decoded::NeedMore);
    assert_eq!(decode(emulator, &request[..22]), REFUSED);
    assert_eq!(decode(emulator, request), REFUSED);
}
