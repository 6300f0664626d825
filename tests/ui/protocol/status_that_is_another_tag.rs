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
    #[frame(status, tag(2, 3))]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping, Pong), keep_alive = none, status(200 => 2, _ => 4))]
struct Pinger;

fn main() {}
