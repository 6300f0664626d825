use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(answer = 1), local(kind = 2))]
struct Ping {
    answer: u8,
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = none, hijacker = none)]
struct Pinger;

fn main() {}
