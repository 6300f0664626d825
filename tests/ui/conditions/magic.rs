use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(magic = 7)]
    mark: u8,
    #[frame(when(mark = 7))]
    seldom: u8,
}

fn main() {}
