//! Guests that misbehave, and what the host makes of it.

use super::*;
use crate::emulator::scripted::{Script, Scripted, result};

fn emulator(call: fn(&HostSide, &'static str) -> i32) -> MosnHost<Scripted> {
    MosnHost::start(Script(call), &Options::new().instances(2)).unwrap()
}

fn decoded(call: fn(&HostSide, &'static str) -> i32) -> Decoded {
    let mut emulator = emulator(call);
    let context = emulator.new_protocol_context().unwrap();
    emulator.decode(context, b"four")
}

#[test]
fn the_buffer_counts_and_not_the_status() {
    assert_eq!(decoded(|_, _| 99), Decoded::NeedMore);
    assert_eq!(decoded(|_, _| 0), Decoded::NeedMore);
    let frame = decoded(|side, export| {
        if export == "decode" {
            side.set(13, 0, 25, Some(&result(0x41, 4)));
        }
        99
    });
    assert!(matches!(frame, Decoded::Frame(frame) if frame.raw == b"four"[..]));
}

#[test]
fn a_decode_that_touches_its_buffer_in_vain_is_a_panic() {
    let touched = decoded(|side, _| {
        let _ = side.get(13, 0, 0);
        99
    });
    assert_eq!(touched, Decoded::Error(HostPanic::EmptyResult.into()));
}

#[test]
fn flags_and_drains_that_the_host_does_not_survive() {
    let loops = decoded(|side, _| side.set(13, 0, 25, Some(&result(0x41, 0))).0);
    let failure = Failure::EndlessLoop {
        drain: 0,
        available: 4,
    };
    assert_eq!(loops, Decoded::Error(failure));
    let oneway = decoded(|side, _| side.set(13, 0, 25, Some(&result(0xc1, 4))).0);
    assert_eq!(oneway, Decoded::Error(Failure::UnknownFlag(0xc1)));
}

#[test]
fn an_encode_without_a_result_is_a_panic_or_sends_the_last_one_again() {
    let mut emulator = emulator(|_, _| 0);
    let context = emulator.new_protocol_context().unwrap();
    let input = EncodeInput::heartbeat(1);
    let panic = emulator.encode(context, &input);
    assert_eq!(panic, Err(HostPanic::NoResult.into()));
    if let Some(context) = emulator.contexts.get_mut(&context) {
        context.results.encoded = Some([&[0; 20][..], &[2], b"hi"].concat());
    }
    assert_eq!(emulator.encode(context, &input).unwrap(), b"hi"[..]);
    assert_eq!(emulator.encode(context, &input).unwrap(), b"hi"[..]);
}

#[test]
fn a_trap_leaves_the_instance_in_rotation() {
    let mut emulator = emulator(|_, export| {
        if export == "start_vm" || export == "configure" {
            1
        } else {
            -1
        }
    });
    let context = emulator.new_protocol_context().unwrap();
    assert!(matches!(
        emulator.decode(context, b"x"),
        Decoded::Error(Failure::Trapped(_))
    ));
    assert!(matches!(
        emulator.keep_alive(context, 1),
        Err(Failure::Trapped(_))
    ));
    let trace = "create(1)[trap] decode(1)[trap] ka(1,1)[trap]";
    assert!(emulator.trace().to_string().ends_with(trace));
}

#[test]
fn a_hijack_that_fails_locks_its_instance_for_ever() {
    let mut emulator = emulator(|_, export| if export == "hijack" { 10 } else { 0 });
    let contexts = [(); 4].map(|()| emulator.new_protocol_context().unwrap());
    let input = HijackInput {
        id: 1,
        timeout: 0,
        raw: Bytes::new(),
    };
    let refused = emulator.hijack(contexts[0], 404, &input);
    assert_eq!(refused, Err(Failure::Refused(Status::INTERNAL_FAILURE)));
    let locked = Failure::InstanceLocked { instance: 0 };
    assert_eq!(
        emulator.decode(contexts[2], b"x"),
        Decoded::Error(locked.clone())
    );
    assert_eq!(emulator.decode(contexts[1], b"x"), Decoded::NeedMore);
    assert_eq!(emulator.new_protocol_context(), Err(locked));
    assert!(emulator.new_protocol_context().is_ok());
}
