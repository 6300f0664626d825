//! What only a real module has: a start function, a memory, and `malloc`.

use meshwire::ConfigMap;
use meshwire_testing::emulator::{Guest, HostSide, Logs, Module};
use meshwire_testing::wasm::WasmGuest;
use meshwire_tests::artifact;

fn guest() -> WasmGuest {
    let side = HostSide::new(ConfigMap::new(), ConfigMap::new(), Logs::default());
    artifact::module("bolt").instantiate(side).unwrap()
}

/// The host cannot reach the memory then; another engine of it gives up at once.
#[test]
fn the_start_function_does_not_call_the_host() {
    assert_eq!(guest().host().early_calls(), 0);
}

/// The host asks for no bytes when it has nothing to give.
#[test]
fn malloc_gives_a_place_for_nothing() {
    let mut guest = guest();
    for _ in 0..1000 {
        assert_ne!(guest.malloc(0).unwrap(), 0);
    }
    assert_eq!(guest.encode(1, b""), Ok(4));
}

#[test]
fn malloc_gives_room_of_any_size() {
    let mut guest = guest();
    let mut end = 0;
    for size in [1, 3, 22, 1000, 65_535, 65_536, 1 << 24] {
        let at = guest.malloc(size).unwrap();
        assert!(at > 0);
        end = end.max(at + size);
    }
    assert!(guest.memory().unwrap() >= usize::try_from(end).unwrap());
}

/// Null would not be noticed: the host would overwrite the front of the memory.
#[test]
fn malloc_traps_when_there_is_no_room() {
    let mut guest = guest();
    for size in [i32::MAX, -1, i32::MIN] {
        assert!(guest.malloc(size).is_err(), "{size}");
    }
    assert_eq!(guest.keep_alive(1, 0), Ok(0), "the instance lives on");
}
