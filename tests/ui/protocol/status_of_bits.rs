use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 1))]
struct Ping {
    #[frame(bits = 4)]
    kind: u8,
    #[frame(bits = 4, status)]
    status: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = none, status(_ => 16))]
struct Pinger;

fn main() {}
