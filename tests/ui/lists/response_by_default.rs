use meshwire::Frame;

#[derive(Frame)]
#[frame(request, response(kind = 1))]
struct Message {
    #[frame(id)]
    id: u32,
    #[frame(tag(1, 2))]
    kind: u8,
}

fn main() {}
