use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ping {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Pong {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u8,
}

const BUSY: u16 = 256;

#[protocol(
    name = "x-ping",
    frames(Ping, Pong),
    keep_alive = none,
    status(200 => 0, 404 => -1, 503 => BUSY, 504 => 300, _ => 255)
)]
struct Pinger;

fn main() {}
