use meshwire::Frame;
use meshwire::wire::Digits;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(endian = little)]
    count: Digits<4>,
}

fn main() {}
