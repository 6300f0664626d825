use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Json = 12,
    #[frame(other)]
    Other,
}

fn main() {}
