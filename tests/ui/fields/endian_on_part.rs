use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    #[frame(endian = little)]
    name: Text,
}

fn main() {}
