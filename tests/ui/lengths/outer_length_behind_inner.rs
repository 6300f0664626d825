use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(len_of = flag..=name)]
    inner: Len<u16>,
    #[frame(when(flag = 1))]
    seldom: u8,
    #[frame(len_of = ..)]
    outer: Len<u16>,
    name: Text,
    rest: Text,
}

fn main() {}
