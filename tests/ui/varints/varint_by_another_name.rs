use meshwire::{Frame, Varint};

type Count = Varint<u32>;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = Varint::new(0))]
    count: Count,
}

fn main() {}
