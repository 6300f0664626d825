use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(header = "area")]
    area: u32,
    #[frame(header = "area")]
    more: u32,
}

fn main() {}
