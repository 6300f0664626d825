use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(header = "area", when(flag = 1))]
    area: u32,
}

fn main() {}
