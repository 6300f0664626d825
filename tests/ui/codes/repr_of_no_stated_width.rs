use meshwire::Frame;

#[derive(Frame)]
#[repr(usize)]
enum Codec {
    Json = 12,
}

fn main() {}
