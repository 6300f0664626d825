//! H14: a yes to heartbeats is binding.

use meshwire_testing::emulator::{ContextId, EncodeInput, Module, MosnHost, Options};
use meshwire_tests::frames::heartbeat;
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

on_every_guest!(h14_heartbeats_are_always_possible);

/// The host asks one instance with id 0 and any other one with any other id; a no after a yes makes
/// it panic.
fn h14_heartbeats_are_always_possible(module: &impl Module) {
    for first in [0, 1, u64::from(u32::MAX), u64::MAX] {
        let mut emulator = MosnHost::start(module, &Options::new()).unwrap();
        let used = emulator.new_protocol_context().unwrap();
        let _ = emulator.decode(used, &vector("bolt", "echo_request"));
        for id in [first, 0, 1, u64::from(u32::MAX), u64::MAX] {
            for context in [used, ContextId(77)] {
                assert_eq!(
                    emulator.keep_alive(context, id),
                    Ok(()),
                    "{id} after {first}"
                );
            }
        }
        let sent = emulator
            .encode(ContextId(77), &EncodeInput::heartbeat(6))
            .unwrap();
        assert_eq!(sent, heartbeat(6));
    }
}
