use meshwire::Frame;

#[derive(Frame)]
enum Codec {
    Json = 12,
}

fn main() {}
