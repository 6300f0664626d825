use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id, timeout)]
    id: u32,
}

fn main() {}
