use meshwire::Frame;

#[derive(Frame)]
#[frame(request, oneway(kind = 3))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2))]
    kind: u8,
}

fn main() {}
