use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
    #[frame(len_of = rest)]
    rest_len: Len<u16>,
    rest: Text,
}

fn main() {}
