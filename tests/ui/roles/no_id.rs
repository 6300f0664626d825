use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    serial: u32,
}

fn main() {}
