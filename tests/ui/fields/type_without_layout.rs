use meshwire::Frame;

enum Codec {
    Json = 12,
}

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(default = Codec::Json)]
    codec: Codec,
}

fn main() {}
