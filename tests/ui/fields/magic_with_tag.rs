use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(magic = 1, tag(1, 2))]
    flag: u8,
}

fn main() {}
