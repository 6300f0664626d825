use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(timeout_key = "ms")]
    millis: u32,
}

fn main() {}
