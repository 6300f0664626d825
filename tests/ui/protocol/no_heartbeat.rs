use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag = 1)]
    kind: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Pong {
    #[frame(id)]
    id: u32,
    #[frame(tag = 2)]
    kind: u8,
}

#[protocol(name = "x-ping", frames(Ping, Pong), status(_ => 1))]
struct Pinger;

fn main() {}
