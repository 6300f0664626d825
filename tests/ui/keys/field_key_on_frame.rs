use meshwire::Frame;

#[derive(Frame)]
#[frame(request, magic = 7)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
