use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat())]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
