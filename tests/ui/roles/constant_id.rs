use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id, magic = 1)]
    id: u32,
}

fn main() {}
