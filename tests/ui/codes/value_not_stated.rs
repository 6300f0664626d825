use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec {
    Hessian = 1,
    Json,
}

fn main() {}
