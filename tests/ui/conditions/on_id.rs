use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    flag: u8,
    #[frame(id, when(flag = 1))]
    id: u32,
}

fn main() {}
