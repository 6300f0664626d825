//! Memory stays flat, however many frames pass and whatever the host forgets to delete.
//!
//! The full run is `MESHWIRE_FRAMES=10000000 cargo test --release -p meshwire-tests --features wasm
//! --test hosts memory`; without the variable it is a short one.

use meshwire_testing::emulator::{EncodeInput, Module, MosnHost, Options};
use meshwire_tests::alloc::live;
use meshwire_tests::frames::with_id;
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

on_every_guest!(contexts_that_are_never_deleted_do_not_add_up);

/// Frames after which everything has its size: more than there are contexts remembered.
const WARM_UP: usize = 20_000;

/// How many frames pass.
fn frames() -> usize {
    let frames = std::env::var("MESHWIRE_FRAMES").ok();
    let frames = frames.map(|frames| frames.parse().expect("MESHWIRE_FRAMES is a number"));
    frames.unwrap_or(200_000)
}

fn contexts_that_are_never_deleted_do_not_add_up(module: &impl Module) {
    let mut emulator = MosnHost::start(module, &Options::new()).unwrap();
    let vectors = ["echo_request", "echo_response", "heartbeat", "fire_oneway"];
    let vectors = vectors.map(|name| vector("bolt", name));
    let held = |emulator: &MosnHost<_>| emulator.memory().map_or_else(live, usize::cast_signed);
    let mut after_warm_up = 0;
    for number in 0..WARM_UP + frames() {
        if number == WARM_UP {
            after_warm_up = held(&emulator);
        }
        let bytes = &vectors[number % vectors.len()];
        let context = emulator.new_protocol_context().unwrap();
        let frame = emulator
            .decode(context, bytes)
            .into_frame()
            .unwrap()
            .unwrap();
        if number % 3 == 0 {
            let id = number as u32;
            let sent = emulator
                .encode(context, &EncodeInput::forward(&frame, id.into()))
                .unwrap();
            assert_eq!(sent, with_id(bytes, id));
        }
        emulator.forget(context);
    }
    // Old contexts are forgotten by the hundred, so the number swings a little.
    let more = held(&emulator) - after_warm_up;
    assert!(
        more < 256 * 1024,
        "{more} bytes more after {} frames",
        frames()
    );
}
