use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
#[frame(request)]
enum Codec {
    Json = 12,
}

fn main() {}
