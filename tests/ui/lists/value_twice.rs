use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(flag(1, 0x1)))]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
}

fn main() {}
