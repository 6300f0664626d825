use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..)]
    len: Len<u16>,
    name: Text,
    rest: Text,
}

fn main() {}
