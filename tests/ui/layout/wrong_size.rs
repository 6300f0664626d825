use meshwire::Frame;

#[derive(Frame)]
#[frame(request, size = 4)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
}

fn main() {}
