//! A protocol without heartbeats, and plugins that hurt the host. The sequences of a good plugin are
//! tried in the project's flow suite.

use super::*;
use crate::emulator::scripted::{Script, result};
use crate::emulator::{HostPanic, HostSide, Native, Status};
use meshwire::protocol::PoolMode;
use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ask {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Answer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: u8,
    #[frame(status)]
    status: u8,
}

#[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
struct Acme;

fn acme() -> Sidecar<impl Guest> {
    Sidecar::start(Native::<Acme>::new(), &Options::new().first_context(10)).unwrap()
}

#[test]
fn a_plugin_without_heartbeats_says_so_and_is_left_in_peace() {
    let mut sidecar = acme();
    sidecar.trace();
    let client = sidecar.client();
    sidecar.send(client, &[1, 7]);
    let trace = "create(10) decode(10) create(11) ka(11,0)[12] encode(10){1,7} delete(10)";
    assert_eq!(sidecar.trace(), trace, "context 11 is never deleted");
    sidecar.send(sidecar.server().unwrap(), &[2, 1, 0]);
    sidecar.pass(100_000);
    assert_eq!(
        sidecar.trace(),
        "create(12) decode(12) encode(12){7,1} delete(12)"
    );
    assert_eq!(sidecar.received(client), [2, 7, 0]);
    assert_eq!(sidecar.failures(), []);
}

#[test]
fn a_failed_probe_in_a_live_request_deletes_nothing() {
    let mut sidecar = acme();
    sidecar.policy.pool = PoolMode::PingPong;
    sidecar.trace();
    let client = sidecar.client();
    sidecar.send(client, &[1, 7]);
    assert_eq!(
        sidecar.trace(),
        "create(10) decode(10) ka(10,0)[12] encode(10){1,7} delete(10)"
    );
}

#[test]
fn connections_of_the_tcp_pool_end_together() {
    let mut sidecar = acme();
    sidecar.policy.pool = PoolMode::Tcp;
    let [one, two] = [sidecar.client(), sidecar.client()];
    sidecar.send(one, &[1, 7]);
    let server = sidecar.server().unwrap();
    sidecar.send(two, &[1, 7]);
    let other = sidecar.server().unwrap();
    sidecar.close(one);
    assert!(!sidecar.is_open(server));
    sidecar.close(other);
    assert!(!sidecar.is_open(two));
    assert_eq!(
        sidecar.received(two),
        [2, 7, 9],
        "the call is answered first"
    );
}

/// A request of four bytes without an id; the encoded frame is two bytes long.
fn plugin(hijack: i32, beats: fn() -> i32) -> impl Fn(&HostSide, &str) -> i32 {
    move |side, export| match export {
        "decode" => side.set(13, 0, 25, Some(&result(0x41, 4))).0,
        "encode" => {
            side.set(14, 0, 23, Some(&[&[0; 20][..], b"\x02hi"].concat()))
                .0
        }
        "hijack" => hijack,
        "keep_alive" => beats(),
        _ => 0,
    }
}

#[test]
fn a_failed_hijack_hangs_every_connection_in_the_end() {
    let script = Script(|side, export| plugin(10, || 0)(side, export));
    let mut sidecar = Sidecar::start(script, &Options::new()).unwrap();
    sidecar.policy.route = Route::hijack(404);
    let [first, second] = [sidecar.client(), sidecar.client()];
    sidecar.send(first, b"four");
    sidecar.send(second, b"four");
    let locked = Failure::InstanceLocked { instance: 0 };
    assert_eq!(
        sidecar.failures(),
        [Failure::Refused(Status::INTERNAL_FAILURE), locked]
    );
    assert_eq!(sidecar.received(first), b"");
    assert!(!sidecar.is_open(second));
}

#[test]
fn a_no_to_heartbeats_after_a_yes_is_a_panic() {
    thread_local!(static ASKED: core::cell::Cell<bool> = const { core::cell::Cell::new(false) });
    let module =
        Script(|side, export| plugin(0, || if ASKED.replace(true) { 12 } else { 0 })(side, export));
    let mut sidecar = Sidecar::start(module, &Options::new()).unwrap();
    let client = sidecar.client();
    sidecar.send(client, b"four");
    let server = sidecar.server().unwrap();
    assert_eq!(sidecar.received(server), b"hi");
    sidecar.pass(15_000);
    assert_eq!(
        sidecar.failures(),
        [Failure::HostPanic(HostPanic::NoHeartbeat)]
    );
    assert!(!sidecar.is_open(server));
}
