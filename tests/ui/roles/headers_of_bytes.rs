use meshwire::{Bytes, Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = map)]
    map_len: Len<u32>,
    #[frame(headers)]
    map: Bytes,
}

fn main() {}
