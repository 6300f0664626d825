use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = len..=flag)]
    len: Len<u16>,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
    flag: u8,
    mark: u8,
}

fn main() {}
