use meshwire::Frame;

#[derive(Frame)]
#[frame(response)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(timeout)]
    millis: u32,
}

fn main() {}
