use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Json = 12,
}

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = 12)]
    codec: Codec,
}

fn main() {}
