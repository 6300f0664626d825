use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(mark = 7))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(magic = 7)]
    mark: u8,
}

fn main() {}
