use meshwire::Frame;
use meshwire::frame::Check;

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
