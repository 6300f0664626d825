use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name..=flag)]
    len: Len<u16>,
    flag: u8,
    name: Text,
}

fn main() {}
