//! `crate = path` on all three inputs.

#![deny(warnings)]

mod vendor {
    pub use meshwire as wire;
}

use vendor::wire::{Frame, protocol};

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[frame(crate = crate::vendor::wire)]
#[repr(u16)]
pub enum Status {
    Ok = 0,
    Failed = 0x100,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(status = Status::Ok), crate = vendor::wire)]
pub struct Pong {
    #[frame(id)]
    pub id: u32,
    #[frame(status, default = Status::Failed)]
    pub status: Status,
}

#[protocol(
    name = "x-pong",
    frames(Pong),
    status(200 => Status::Ok, _ => Status::Failed),
    keep_alive = none,
    crate = vendor::wire
)]
pub struct Ponger;

fn main() {
    use vendor::wire::{Codec, Command, HostStatus, MessageKind, Protocol};
    assert_eq!(Ponger::status(HostStatus::TIMEOUT), 0x100);
    assert_eq!(Ponger::status(HostStatus::OK), 0);
    let pong = Ponger::parse(&[0, 0, 0, 1, 1, 0]).frame().unwrap();
    assert_eq!((pong.id(), pong.kind()), (1, MessageKind::Response));
    assert!(Ponger::parse(&[0, 0, 0, 1, 1, 1]).frame().is_none());
}
