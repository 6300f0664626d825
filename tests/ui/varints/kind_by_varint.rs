use meshwire::{Frame, Varint};

#[derive(Frame)]
#[frame(request, oneway(count = 2))]
struct Ping {
    #[frame(id)]
    id: u32,
    count: Varint<u32>,
}

fn main() {}
