use meshwire::{Frame, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    count: Varint<u8>,
}

fn main() {}
