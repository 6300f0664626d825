use meshwire::{Check, Frame};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(over = ..)]
    crc: Check,
}

fn main() {}
