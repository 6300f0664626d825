use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    #[frame(other)]
    Other(u8),
}

fn main() {}
