use meshwire::{Frame, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    name: Text,
}

fn main() {}
