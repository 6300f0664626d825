use meshwire::Frame;

type Flags = [u8; 2];

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 16, default = [0; 2])]
    flags: Flags,
}

fn main() {}
