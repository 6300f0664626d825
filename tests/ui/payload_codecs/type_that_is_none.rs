use meshwire::{Bytes, Frame, Len};

struct Said;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = said)]
    said_len: Len<u16>,
    #[frame(with = Said, body)]
    said: Bytes,
}

fn main() {}
