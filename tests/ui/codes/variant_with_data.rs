use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Json = 12,
    Raw(u8) = 13,
}

fn main() {}
