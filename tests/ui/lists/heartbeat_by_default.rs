use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(flag = 1))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = 1)]
    flag: u8,
}

fn main() {}
