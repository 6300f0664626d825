use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    mark: u8,
    #[frame(bits = 4)]
    kind: u8,
    #[frame(bits = 4, when(mark = 1))]
    flag: u8,
}

fn main() {}
