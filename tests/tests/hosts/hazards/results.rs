//! H2, H3, H4, H24: results that the host reads without looking.

use meshwire_testing::emulator::{
    ContextId, Decoded, EncodeInput, HeaderList, HijackInput, Module,
};
use meshwire_tests::frames::{response, with_body, with_headers, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::{self, vector};

use super::{decode, frame, start};

on_every_guest!(
    h02_the_header_parser_stops_at_the_fence,
    h02_a_response_never_has_an_empty_flag,
    h02_an_encode_result_has_no_headers,
    h03_a_frame_takes_its_own_bytes,
    h04_nothing_is_set_before_the_frame_is_complete,
    h24_every_encode_sets_a_result,
);

/// The parser reads on after the headers, into flag, id and body. Depending on the id it makes up
/// headers, panics, or prints the whole message into an error that is not shown.
fn h02_the_header_parser_stops_at_the_fence(module: &impl Module) {
    let mut emulator = start(module);
    let headers = HeaderList::from([("service", "a"), ("service", "b")]);
    let frames = [
        vector("bolt", "echo_request"),
        vector("bolt", "echo_response"),
        response(1, 0),
    ];
    for bytes in frames.map(|bytes| with_headers(&bytes, &[("service", "a"), ("service", "b")])) {
        let body = meshwire_tests::frames::body(&bytes).len() as u32;
        let near_the_end = (body + 8) << 8..(body + 16) << 8;
        for id in (0..2600).chain(near_the_end.step_by(64)).chain([u32::MAX]) {
            let frame = frame(&mut emulator, &with_id(&bytes, id));
            assert_eq!(frame.headers, headers, "id {id}");
            assert_eq!(frame.printed, 0, "id {id}");
        }
    }
}

/// The second belt: a small number in the flag would be a length to the parser.
fn h02_a_response_never_has_an_empty_flag(module: &impl Module) {
    let mut emulator = start(module);
    for vector in vectors::good("bolt") {
        let frame = frame(&mut emulator, &vector.bytes);
        assert_ne!(frame.flag & 0x1f, 0, "{}", vector.name());
    }
}

/// The parser is let loose on them as well.
fn h02_an_encode_result_has_no_headers(module: &impl Module) {
    let mut emulator = start(module);
    for vector in vectors::good("bolt") {
        let context = emulator.new_protocol_context().unwrap();
        let frame = emulator
            .decode(context, &vector.bytes)
            .into_frame()
            .unwrap()
            .unwrap();
        for id in [1, 2304, 1280, 256 * (frame.raw.len() as u64 + 7)] {
            emulator
                .encode(context, &EncodeInput::forward(&frame, id))
                .unwrap();
        }
    }
    assert_eq!(emulator.printed(), 0);
}

/// No bytes, or more than there are, and the host decodes the same bytes for ever.
fn h03_a_frame_takes_its_own_bytes(module: &impl Module) {
    let mut emulator = start(module);
    let large = with_body(&vector("bolt", "echo_request"), &vec![7; 1 << 20]);
    let vectors = vectors::good("bolt").into_iter().map(|vector| vector.bytes);
    for bytes in vectors.chain([large]) {
        for after in [&b""[..], b"\x01", &bytes, &[0xff; 5000]] {
            let frame = frame(&mut emulator, &[&bytes, after].concat());
            assert_eq!(frame.raw, bytes);
            assert_eq!(frame.body, meshwire_tests::frames::body(&bytes));
        }
    }
}

/// A touched result that is not complete is a panic, whatever the status says.
fn h04_nothing_is_set_before_the_frame_is_complete(module: &impl Module) {
    let mut emulator = start(module);
    for vector in vectors::good("bolt") {
        let context = emulator.new_protocol_context().unwrap();
        for cut in 1..vector.bytes.len() {
            let decoded = emulator.decode(context, &vector.bytes[..cut]);
            assert_eq!(decoded, Decoded::NeedMore, "{} cut at {cut}", vector.name());
        }
        let decoded = emulator.decode(context, &vector.bytes);
        assert!(matches!(decoded, Decoded::Frame(_)), "{}", vector.name());
    }
}

/// Without one the host panics, or sends the last one again.
fn h24_every_encode_sets_a_result(module: &impl Module) {
    let mut emulator = start(module);
    let mut id = 0x0a00_0000;
    for vector in vectors::good("bolt") {
        let [live, deleted, hijacked] = [(); 3].map(|()| emulator.new_protocol_context().unwrap());
        let frame = frame(&mut emulator, &vector.bytes);
        for context in [live, deleted, hijacked] {
            assert!(matches!(
                emulator.decode(context, &vector.bytes),
                Decoded::Frame(_)
            ));
        }
        emulator.complete_protocol_context(deleted).unwrap();
        emulator
            .hijack(hijacked, 404, &HijackInput::of(&frame))
            .unwrap();
        for context in [live, deleted, hijacked, ContextId(id)] {
            let heartbeats = [EncodeInput::heartbeat(1), EncodeInput::heartbeat_ack(1)];
            let inputs = [EncodeInput::forward(&frame, 1), EncodeInput::hijack(1, 2)];
            for mut input in inputs.into_iter().chain(heartbeats) {
                id += 1;
                input.id = id.into();
                let bytes = emulator.encode(context, &input).unwrap();
                if bytes.is_empty() {
                    assert_eq!(
                        vector.name(),
                        "fire_oneway",
                        "only such a call has no answer"
                    );
                    continue;
                }
                let decoded = decode(&mut emulator, &bytes).into_frame().unwrap().unwrap();
                assert_eq!((decoded.id, decoded.raw), (input.id, bytes));
            }
        }
    }
}
