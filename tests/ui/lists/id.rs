use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(id = 0))]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
