use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Json = 12,
    #[frame(other)]
    Other(u8),
}

impl Codec {
    const FIRST: Codec = Codec::Json;
}

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = Codec::Json)]
    codec: Codec,
    #[frame(when(codec = Codec::FIRST))]
    level: u8,
}

fn main() {}
