//! H20: every input belongs to the plugin, on every path.

use meshwire::ConfigMap;
use meshwire_testing::emulator::MosnHost;
use meshwire_testing::emulator::{
    EncodeInput, Guest, HijackInput, HostSide, Logs, Module, Options,
};
use meshwire_tests::alloc::live;
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::{self, vector};

on_every_guest!(
    h20_inputs_are_freed_when_all_is_well,
    h20_inputs_are_freed_when_the_host_refuses,
    h20_one_frame_of_a_read_is_kept,
);

/// More than the contexts that are remembered after their delete.
const ROUNDS: usize = 1100;

/// Bytes that `round` leaks when it is repeated, once everything has its size. `memory` is
/// that of an instance with a memory of its own.
fn left_behind<T>(
    state: &mut T,
    memory: fn(&T) -> Option<usize>,
    mut round: impl FnMut(&mut T),
) -> isize {
    let held = |state: &T| memory(state).map_or_else(live, usize::cast_signed);
    (0..ROUNDS).for_each(|_| round(state));
    let before = held(state);
    (0..ROUNDS).for_each(|_| round(state));
    held(state) - before
}

fn h20_inputs_are_freed_when_all_is_well(module: &impl Module) {
    let options = Options::new()
        .plugin("max_contexts", "16")
        .plugin("max_deleted", "16");
    let mut emulator = MosnHost::start(module, &options).unwrap();
    let request = vector("bolt", "echo_request");
    let garbage = vectors::bad("bolt").into_iter();
    let garbage: Vec<_> = garbage
        .map(|vector| [&vector.bytes[..], &[0xff; 4000]].concat())
        .collect();
    let left = left_behind(&mut emulator, MosnHost::memory, |emulator| {
        let context = emulator.new_protocol_context().unwrap();
        for cut in [1, 20, 300] {
            let _ = emulator.decode(context, &request[..cut]);
        }
        let frame = emulator
            .decode(context, &request)
            .into_frame()
            .unwrap()
            .unwrap();
        emulator
            .hijack(context, 404, &HijackInput::of(&frame))
            .unwrap();
        emulator
            .encode(context, &EncodeInput::hijack(1, 1))
            .unwrap();
        emulator
            .encode(context, &EncodeInput::forward(&frame, 7))
            .unwrap();
        emulator.complete_protocol_context(context).unwrap();
        emulator.forget(context);
        for bad in &garbage {
            let context = emulator.new_protocol_context().unwrap();
            let _ = emulator.decode(context, bad);
            emulator.forget(context);
        }
        emulator.log().clear();
        emulator.trace_mut().clear();
    });
    assert!(left < 32 * 1024, "{left} bytes in {ROUNDS} rounds");
}

/// No context is entered here, so the host takes no result; and its messages are empty.
fn h20_inputs_are_freed_when_the_host_refuses(module: &impl Module) {
    let log = Logs::default();
    let side = HostSide::new(ConfigMap::new(), ConfigMap::new(), log);
    let mut guest = module.instantiate(side).unwrap();
    let request = vector("bolt", "echo_request");
    let left = left_behind(&mut guest, Guest::memory, |guest| {
        let _ = guest.decode(5, &request);
        let _ = guest.encode(5, &EncodeInput::hijack(1, 1).to_bytes());
        for junk in [&[0xff; 400][..], &request, &[0; 28]] {
            let _ = guest.encode(5, junk);
            let _ = guest.hijack(5, 404, junk);
        }
        let _ = guest.delete(5);
    });
    assert!(left < 32 * 1024, "{left} bytes in {ROUNDS} rounds");
}

/// The host hands over all unread bytes, again and again while there are frames in them.
fn h20_one_frame_of_a_read_is_kept(module: &impl Module) {
    let mut emulator = MosnHost::start(module, &Options::new()).unwrap();
    let read = vector("bolt", "echo_request").repeat(100);
    let before = emulator.memory().map_or_else(live, usize::cast_signed);
    for _ in 0..2000 {
        let context = emulator.new_protocol_context().unwrap();
        let frame = emulator.decode(context, &read).into_frame().unwrap();
        assert_eq!(frame.unwrap().drain, read.len() / 100);
        emulator.forget(context);
    }
    let held = emulator.memory().map_or_else(live, usize::cast_signed) - before;
    assert!(held < 4 << 20, "{held} bytes");
}
