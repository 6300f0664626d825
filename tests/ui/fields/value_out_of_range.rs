use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(magic = 0x1FF)]
    flag: u8,
}

fn main() {}
