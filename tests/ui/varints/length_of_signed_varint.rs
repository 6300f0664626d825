use meshwire::{Bytes, Frame, Len, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = body)]
    body_len: Len<Varint<i32>>,
    body: Bytes,
}

fn main() {}
