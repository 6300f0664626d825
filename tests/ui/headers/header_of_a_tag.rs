use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2), header = "kind")]
    kind: u8,
}

fn main() {}
