use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(header = "version")]
    version: u8,
    #[frame(when(version = 2))]
    area: u32,
}

fn main() {}
