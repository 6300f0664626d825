use meshwire::Frame;

const WIDTH: u8 = 8;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(bits = WIDTH)]
    flag: u8,
}

fn main() {}
