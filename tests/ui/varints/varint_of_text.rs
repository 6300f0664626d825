use meshwire::{Frame, Text, Varint};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    name: Varint<Text>,
}

fn main() {}
