use meshwire::frame::Check;
use meshwire::{Crc32, Frame};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 4)]
    high: u8,
    #[frame(bits = 4)]
    low: u8,
    #[frame(over = ..=high)]
    crc: Check<Crc32>,
}

fn main() {}
