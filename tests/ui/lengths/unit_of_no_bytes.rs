use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name, unit = 0)]
    name_len: Len<u16>,
    name: Text,
}

fn main() {}
