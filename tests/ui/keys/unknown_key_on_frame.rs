use meshwire::Frame;

#[derive(Frame)]
#[frame(reqest)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
