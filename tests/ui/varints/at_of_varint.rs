use meshwire::{Frame, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(at = 4)]
    count: Varint<u32>,
}

fn main() {}
