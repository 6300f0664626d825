//! H5, H6, H7, H10, H11: contexts that are never deleted, deleted too early, deleted twice, or never
//! created.

use meshwire_testing::emulator::{
    ContextId, Decoded, EncodeInput, Guest, Module, MosnHost, Options,
};
use meshwire_tests::alloc::live;
use meshwire_tests::frames::{heartbeat_ack, response, with_body, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::start;

on_every_guest!(
    h05_contexts_are_bounded_by_count,
    h05_contexts_are_bounded_by_bytes,
    h06_a_request_outlives_the_probe_on_its_context,
    h07_a_deleted_request_can_be_sent_again,
    h07_as_many_deleted_requests_are_remembered_as_are_set,
    h07_the_memory_of_deleted_contexts_is_bounded,
    h10_a_stream_may_have_the_id_of_the_root,
    h10_a_root_may_have_the_id_0,
    h11_a_context_need_not_have_been_created,
);

/// Bytes that the plugin holds.
fn held(emulator: &MosnHost<impl Guest>) -> isize {
    emulator.memory().map_or_else(live, usize::cast_signed)
}

/// Decodes on a new context that is never deleted.
fn abandon(emulator: &mut MosnHost<impl Guest>, bytes: &[u8]) -> ContextId {
    let context = emulator.new_protocol_context().unwrap();
    assert!(matches!(emulator.decode(context, bytes), Decoded::Frame(_)));
    emulator.forget(context);
    context
}

fn h05_contexts_are_bounded_by_count(module: &impl Module) {
    let request = vector("bolt", "plus_request");
    let mut emulator = start(module);
    for _ in 0..6000 {
        abandon(&mut emulator, &request);
    }
    let before = held(&emulator);
    for _ in 0..6000 {
        abandon(&mut emulator, &request);
    }
    assert!(
        held(&emulator) - before < 256 * 1024,
        "{} bytes more",
        held(&emulator) - before
    );

    // The newest context is as good as ever, and the oldest one still gives some frame.
    let context = emulator.new_protocol_context().unwrap();
    let frame = emulator
        .decode(context, &request)
        .into_frame()
        .unwrap()
        .unwrap();
    let sent = emulator
        .encode(context, &EncodeInput::forward(&frame, 9))
        .unwrap();
    assert_eq!(sent, with_id(&request, 9));
    assert!(
        emulator
            .encode(ContextId(1), &EncodeInput::forward(&frame, 9))
            .is_ok()
    );
}

fn h05_contexts_are_bounded_by_bytes(module: &impl Module) {
    let request = with_body(&vector("bolt", "plus_request"), &vec![1; 1 << 20]);
    let mut emulator = start(module);
    let before = held(&emulator);
    for _ in 0..200 {
        abandon(&mut emulator, &request);
    }
    let held = held(&emulator) - before;
    assert!(held < 80 << 20, "{held} bytes");
}

/// The pools that use the request's context for it delete it, too.
fn h06_a_request_outlives_the_probe_on_its_context(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let mut emulator = start(module);
    let context = emulator.new_protocol_context().unwrap();
    let frame = emulator
        .decode(context, &request)
        .into_frame()
        .unwrap()
        .unwrap();
    emulator.keep_alive(context, 0).unwrap();
    let sent = emulator
        .encode(context, &EncodeInput::forward(&frame, 5))
        .unwrap();
    assert_eq!(sent, with_id(&request, 5), "after the probe");
    emulator.complete_protocol_context(context).unwrap();
    let sent = emulator
        .encode(context, &EncodeInput::forward(&frame, 6))
        .unwrap();
    assert_eq!(sent, with_id(&request, 6), "after the delete");
    emulator.complete_protocol_context(context).unwrap();
    assert_eq!(emulator.log().all().len(), 0);
}

/// On the same context, with an id that the plugin has never seen as the one before.
fn h07_a_deleted_request_can_be_sent_again(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 80);
    let mut emulator = start(module);
    let context = emulator.new_protocol_context().unwrap();
    let frame = emulator
        .decode(context, &request)
        .into_frame()
        .unwrap()
        .unwrap();
    let mut input = EncodeInput::forward(&frame, 1);
    emulator.encode(context, &input).unwrap();
    emulator.complete_protocol_context(context).unwrap();
    // Meanwhile two thousand others come and go.
    for _ in 0..2000 {
        let context = abandon(&mut emulator, &vector("bolt", "plus_request"));
        emulator.complete_protocol_context(context).unwrap();
        emulator.forget(context);
    }
    for (id, previous) in [(2, 1), (3, u64::MAX), (4, 0)] {
        (input.id, input.previous) = (id, previous);
        let sent = emulator.encode(context, &input).unwrap();
        assert_eq!(sent, with_id(&request, id as u32));
    }
}

/// The oldest half goes when there are more.
fn h07_as_many_deleted_requests_are_remembered_as_are_set(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let options = Options::new().plugin("max_deleted", "8");
    let mut emulator = MosnHost::start(module, &options).unwrap();
    let contexts: Vec<_> = (0..9)
        .map(|_| {
            let context = abandon(&mut emulator, &request);
            emulator.complete_protocol_context(context).unwrap();
            context
        })
        .collect();
    let frame = super::frame(&mut emulator, &request);
    let sends = |emulator: &mut MosnHost<_>, context| {
        let input = EncodeInput::forward(&frame, 9);
        emulator.encode(context, &input).unwrap() == with_id(&request, 9)
    };
    assert!(contexts[5..].iter().all(|one| sends(&mut emulator, *one)));
    assert!(!contexts[..5].iter().any(|one| sends(&mut emulator, *one)));
}

fn h07_the_memory_of_deleted_contexts_is_bounded(module: &impl Module) {
    let request = with_body(&vector("bolt", "plus_request"), &vec![1; 64 << 10]);
    let mut emulator = start(module);
    let call = |emulator: &mut MosnHost<_>| {
        let context = abandon(emulator, &request);
        emulator.complete_protocol_context(context).unwrap();
        emulator.forget(context);
    };
    (0..300).for_each(|_| call(&mut emulator));
    let before = held(&emulator);
    (0..1200).for_each(|_| call(&mut emulator));
    assert!(
        held(&emulator) - before < 1 << 20,
        "{} bytes more",
        held(&emulator) - before
    );
}

/// Decodes and forwards a request whose body is hidden by the configuration of the plugin, and ends its context.
#[track_caller]
fn forward_hidden(emulator: &mut MosnHost<impl Guest>, context: ContextId, request: &[u8]) {
    let frame = emulator
        .decode(context, request)
        .into_frame()
        .unwrap()
        .unwrap();
    assert_eq!(frame.body.len(), 0, "the configuration is in force");
    let sent = emulator
        .encode(context, &EncodeInput::forward(&frame, 5))
        .unwrap();
    assert_eq!(sent, with_id(request, 5));
    emulator.complete_protocol_context(context).unwrap();
}

/// Even when it is created and deleted more than once, the root and its configuration stay.
fn h10_a_stream_may_have_the_id_of_the_root(module: &impl Module) {
    let options = Options::new()
        .root(1)
        .first_context(1)
        .plugin("body", "hidden");
    let mut emulator = MosnHost::start(module, &options).unwrap();
    let request = vector("bolt", "echo_request");
    let context = emulator.new_protocol_context().unwrap();
    assert_eq!(context, ContextId(1));
    for _ in 0..3 {
        forward_hidden(&mut emulator, context, &request);
    }
    let frame = super::frame(&mut emulator, &request);
    assert_eq!(frame.body.len(), 0, "the configuration is in force");
}

/// Then every stream context looks like a root.
fn h10_a_root_may_have_the_id_0(module: &impl Module) {
    let options = Options::new().root(0).plugin("body", "hidden");
    let mut emulator = MosnHost::start(module, &options).unwrap();
    for id in 1..100 {
        let request = with_id(&vector("bolt", "echo_request"), id);
        let context = emulator.new_protocol_context().unwrap();
        forward_hidden(&mut emulator, context, &request);
    }
}

/// The host ignores a trap in the creation, and may use an id that the plugin has never heard of.
fn h11_a_context_need_not_have_been_created(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let mut emulator = start(module);
    let unknown = [1000, 2000, 3000, 4000, 5000, u32::MAX].map(ContextId);
    let frame = emulator
        .decode(unknown[0], &request)
        .into_frame()
        .unwrap()
        .unwrap();
    let sent = emulator
        .encode(unknown[0], &EncodeInput::forward(&frame, 5))
        .unwrap();
    assert_eq!(sent, with_id(&request, 5));
    emulator.keep_alive(unknown[1], 7).unwrap();
    emulator.reply_keep_alive(unknown[2]).unwrap();
    let ack = emulator
        .encode(unknown[2], &EncodeInput::heartbeat_ack(8))
        .unwrap();
    assert_eq!(ack, heartbeat_ack(8));
    let answer = emulator
        .encode(unknown[3], &EncodeInput::hijack(9, 9))
        .unwrap();
    assert_eq!(answer, response(9, 0));
    assert!(
        emulator
            .encode(unknown[4], &EncodeInput::forward(&frame, 5))
            .is_ok()
    );
    for context in unknown {
        emulator.complete_protocol_context(context).unwrap();
    }
}
