use meshwire::Frame;

#[derive(Frame)]
#[frame(response(kind = 2))]
struct Pong {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2))]
    kind: u8,
}

fn main() {}
