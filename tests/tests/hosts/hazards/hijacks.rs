//! H1, H8, H9: answers instead of a server.

use bytes::Bytes;
use meshwire_testing::emulator::{ContextId, EncodeInput, HijackInput, Module};
use meshwire_tests::frames::{response, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::{self, vector};

use super::{frame, start};

on_every_guest!(
    h01_a_hijack_never_fails,
    h08_the_answer_has_the_clients_id,
    h09_a_one_way_call_is_a_request_that_nobody_answers,
    h09_a_one_way_call_goes_out_once,
);

/// A status other than 0 or a trap would lock the instance for ever.
fn h01_a_hijack_never_fails(module: &impl Module) {
    let mut emulator = start(module);
    let request = vector("bolt", "echo_request");
    let mut raws: Vec<Vec<u8>> = vectors::good("bolt")
        .into_iter()
        .map(|vector| vector.bytes)
        .collect();
    raws.extend(vectors::bad("bolt").into_iter().map(|vector| vector.bytes));
    raws.extend([
        Vec::new(),
        request[..30].to_vec(),
        vec![0xff; 300],
        request.repeat(3),
    ]);
    for raw in raws {
        let [fresh, live, deleted] = [(); 3].map(|()| emulator.new_protocol_context().unwrap());
        for context in [live, deleted] {
            let _ = emulator.decode(context, &request);
        }
        emulator.complete_protocol_context(deleted).unwrap();
        for context in [
            fresh,
            live,
            deleted,
            ContextId(1_000_000),
            ContextId(u32::MAX),
        ] {
            for status in [0, 404, 504, u32::MAX] {
                let raw = Bytes::copy_from_slice(&raw);
                let input = HijackInput {
                    id: u64::MAX,
                    timeout: 0,
                    raw,
                };
                assert_eq!(
                    emulator.hijack(context, status, &input),
                    Ok(()),
                    "{input:?}"
                );
                assert!(emulator.encode(context, &EncodeInput::hijack(7, 9)).is_ok());
            }
        }
    }
}

/// The client's id is the first of the encode, and nowhere else: not in the hijack, which has the
/// stream's, nor in the raw frame, which need not be the one that this client sent.
fn h08_the_answer_has_the_clients_id(module: &impl Module) {
    let mut emulator = start(module);
    let context = emulator.new_protocol_context().unwrap();
    let raw = Bytes::from(with_id(&vector("bolt", "echo_request"), 1111));
    let input = HijackInput {
        id: 2222,
        timeout: 3000,
        raw,
    };
    emulator.hijack(context, 504, &input).unwrap();
    let answer = emulator
        .encode(context, &EncodeInput::hijack(3333, 2222))
        .unwrap();
    assert_eq!(answer, response(3333, 7));
}

/// Both type bits, the mark of a one-way call, make the host close the connection. With any other
/// mark it waits for an answer and makes one in the end, which must have no bytes.
fn h09_a_one_way_call_is_a_request_that_nobody_answers(module: &impl Module) {
    let mut emulator = start(module);
    let oneway = vector("bolt", "fire_oneway");
    let decoded = frame(&mut emulator, &oneway);
    assert!(matches!(decoded.type_bits(), 1 | 2));
    let context = emulator.new_protocol_context().unwrap();
    let mut input = HijackInput::of(&decoded);
    input.id = 9;
    emulator.hijack(context, 504, &input).unwrap();
    let mut answer = EncodeInput::hijack(31, 9);
    answer.data = Bytes::from_static(b"a filter's own text");
    assert_eq!(emulator.encode(context, &answer), Ok(Bytes::new()));
}

/// The host waits in vain and, if its route says so, tries again: with the context deleted, or probed
/// and deleted before the first time.
fn h09_a_one_way_call_goes_out_once(module: &impl Module) {
    let mut emulator = start(module);
    let oneway = vector("bolt", "fire_oneway");
    for probed in [false, true] {
        let context = emulator.new_protocol_context().unwrap();
        let decoded = emulator.decode(context, &oneway);
        let decoded = decoded.into_frame().unwrap().unwrap();
        if probed {
            emulator.keep_alive(context, 0).unwrap();
        }
        let mut input = EncodeInput::forward(&decoded, 7);
        let sent = emulator.encode(context, &input);
        assert_eq!(sent, Ok(with_id(&oneway, 7).into()));
        emulator.complete_protocol_context(context).unwrap();
        for (id, previous) in [(8, 7), (9, 8)] {
            (input.id, input.previous) = (id, previous);
            assert_eq!(emulator.encode(context, &input), Ok(Bytes::new()));
        }
    }
}
