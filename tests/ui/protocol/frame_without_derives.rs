use meshwire::{Frame, protocol};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[derive(Frame, Clone, Debug)]
#[frame(response)]
struct Pong {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping, Pong), keep_alive = none, status(_ => 1))]
struct Pinger;

fn main() {}
