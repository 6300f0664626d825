use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = low..)]
    len: Len<u16>,
    #[frame(bits = 4)]
    high: u8,
    #[frame(bits = 4)]
    low: u8,
    name: Text,
}

fn main() {}
