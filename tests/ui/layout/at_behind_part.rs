use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
    #[frame(at = 6)]
    crc: u32,
}

fn main() {}
