use meshwire::{Bytes, Frame, Len, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..)]
    total: Len<Varint<u32>>,
    body: Bytes,
}

fn main() {}
