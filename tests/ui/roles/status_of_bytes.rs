use meshwire::Frame;

#[derive(Frame)]
#[frame(response)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(status)]
    code: [u8; 4],
}

fn main() {}
