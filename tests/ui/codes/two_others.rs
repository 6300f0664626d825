use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Json = 12,
    #[frame(other)]
    Other(u8),
    #[frame(other)]
    Rest(u8),
}

fn main() {}
