//! A protocol whose author writes all four behaviours.

#![deny(warnings)]

use meshwire::{
    BodyMode, Callee, Frame, Hijacker, HostStatus, KeepAlive, Options, ProtocolContext, Unknown,
    protocol,
};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Ping {
    #[frame(id)]
    pub id: u32,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = custom, hijacker = custom, callee = custom, options = custom)]
pub struct Pinger;

impl KeepAlive for Pinger {
    fn keep_alive(_: &ProtocolContext<'_, Self>, id: u64) -> Option<PingerFrame> {
        u32::try_from(id)
            .ok()
            .map(|id| PingerFrame::Ping(Ping { id }))
    }
}

impl Hijacker for Pinger {
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        _: &PingerView<'_>,
        _: HostStatus,
    ) -> Option<PingerFrame> {
        None
    }
}

impl Callee for Pinger {
    const SERVICE: &'static [&'static str] = &[];

    fn unknown(_: &PingerView<'_>) -> Option<Unknown> {
        Some(Unknown::Method("name"))
    }
}

impl Options for Pinger {
    const BODY: BodyMode = BodyMode::Hidden;
}

fn main() {}
