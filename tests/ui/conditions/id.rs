use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(when(id = 1))]
    seldom: u8,
}

fn main() {}
