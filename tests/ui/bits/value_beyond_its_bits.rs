use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 4, tag(1, 16))]
    kind: u8,
    #[frame(bits = 4)]
    flag: u8,
}

fn main() {}
