use meshwire::Frame;

#[derive(Frame)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
