use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(header = "")]
    area: u32,
}

fn main() {}
