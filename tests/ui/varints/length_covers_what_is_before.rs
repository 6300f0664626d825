use meshwire::{Frame, Len, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flags: u8,
    #[frame(len_of = ..=flags)]
    before: Len<Varint<u32>>,
}

fn main() {}
