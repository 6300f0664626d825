use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(timeout = 3000)]
    millis: u32,
}

fn main() {}
