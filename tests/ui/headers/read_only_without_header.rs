use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(read_only)]
    area: u32,
}

fn main() {}
