use meshwire::{Bytes, Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = said)]
    said_len: Len<u16>,
    #[frame(kind, body)]
    said: Bytes,
}

fn main() {}
