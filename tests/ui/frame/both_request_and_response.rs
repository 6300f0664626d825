use meshwire::Frame;

#[derive(Frame)]
#[frame(request, response)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
