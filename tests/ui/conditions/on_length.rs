use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(len_of = name, when(flag = 1))]
    name_len: Len<u16>,
    name: Text,
}

fn main() {}
