use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(when(kind = 3))]
    seldom: u8,
}

fn main() {}
