use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = 63)]
    flag: u64,
    #[frame(bits = 9)]
    kind: u16,
}

fn main() {}
