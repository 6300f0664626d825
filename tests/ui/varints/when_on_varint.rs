use meshwire::{Frame, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(when(flag = 1))]
    count: Varint<u32>,
}

fn main() {}
