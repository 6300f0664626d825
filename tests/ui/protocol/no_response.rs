use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Pong {
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = none, status(_ => 1))]
struct Pinger;

fn main() {}
