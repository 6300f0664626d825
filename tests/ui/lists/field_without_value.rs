use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(flag()))]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
}

fn main() {}
