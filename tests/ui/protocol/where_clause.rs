use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 1))]
struct Ping {
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = none, status(_ => 1))]
struct Pinger
where;

fn main() {}
