use meshwire::frame::Check;
use meshwire::{Crc32, Frame};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = .., over = ..)]
    crc: Check<Crc32>,
}

fn main() {}
