//! A frame with a mistake still is one for the code around it.

use meshwire::{Frame, Message, FixedStr, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(kind = 0))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2))]
    king: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Pong {
    #[frame(id)]
    id: FixedStr<4>,
}

#[protocol(name = "x-ping", frames(Ping, Pong), status(_ => 1))]
struct Pinger;

fn main() {
    let ping = PingerFrame::Ping(Ping::default());
    let _ = ping.to_bytes();
}
