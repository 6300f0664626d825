use meshwire::Frame;
use meshwire::wire::Digits;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 16)]
    count: Digits<2>,
}

fn main() {}
