use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    flag: u8,
    #[frame(when(flag = 1))]
    seldom: u8,
    #[frame(when(seldom = 1))]
    more: u8,
}

fn main() {}
