use meshwire::{Frame, Zigzag};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    count: Zigzag<u32>,
}

fn main() {}
