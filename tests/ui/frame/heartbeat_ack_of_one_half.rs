use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(kind = 2), heartbeat_ack(kind = 3))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2, 3))]
    kind: u8,
}

fn main() {}
