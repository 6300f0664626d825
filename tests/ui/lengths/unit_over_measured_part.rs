use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = len..=name, unit = 4)]
    len: Len<u16>,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
}

fn main() {}
