use meshwire::{Frame, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[repr(i8)]
enum Status {
    Fine = 0,
    Busy = -4,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 1))]
struct Ping {
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status, default = Status::Fine)]
    status: Status,
}

#[protocol(name = "x-ping", frames(Ping), keep_alive = none, status(200 => 0, 503 => -4, _ => 9))]
struct Pinger;

fn main() {}
