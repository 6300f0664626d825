use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(id_copy, tag(1, 2))]
    again: u32,
}

fn main() {}
