use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 4)]
    kind: u8,
    #[frame(bits = 12, endian = little)]
    flag: u16,
}

fn main() {}
