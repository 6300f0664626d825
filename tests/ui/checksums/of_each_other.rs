use meshwire::frame::Check;
use meshwire::{Crc32, Frame};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(over = two)]
    one: Check<Crc32>,
    #[frame(over = one)]
    two: Check<Crc32>,
}

fn main() {}
