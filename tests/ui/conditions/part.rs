use meshwire::{Bytes, Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Bytes,
    #[frame(when(name = b"N"))]
    seldom: u8,
}

fn main() {}
