use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(header = "mark")]
    mark: [u8; 4],
}

fn main() {}
