use meshwire::{Check, Frame};

struct Md5;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(over = ..)]
    crc: Check<Md5>,
}

fn main() {}
