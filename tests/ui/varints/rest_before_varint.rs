use meshwire::{Bytes, Frame, Len, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name..)]
    total: Len<u32>,
    name: Bytes,
    count: Varint<u32>,
}

fn main() {}
