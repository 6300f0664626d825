use meshwire::{Frame, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    count: Varint<u32>,
    #[frame(when(count = 1))]
    more: u8,
}

fn main() {}
