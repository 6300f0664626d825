use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..)]
    len: Len<u16>,
    flag: u8,
    name: Text,
    #[frame(when(flag = 1))]
    crc: u32,
}

fn main() {}
