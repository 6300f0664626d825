use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 3)]
    flag: u8,
    kind: u8,
}

fn main() {}
