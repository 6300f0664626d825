use meshwire::frame::Check;
use meshwire::{Crc32, Frame};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(over = two..)]
    crc: Check<Crc32>,
    #[frame(when(flag = 1))]
    one: u8,
    #[frame(when(flag = 1))]
    two: u8,
}

fn main() {}
