use meshwire::{Bytes, Frame};

type Name = Bytes;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = Bytes::new())]
    name: Name,
}

fn main() {}
