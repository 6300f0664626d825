use meshwire::Frame;
use meshwire::frame::Check;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(over = ..)]
    crc: Check,
}

fn main() {}
