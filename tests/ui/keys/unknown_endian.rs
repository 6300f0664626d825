use meshwire::Frame;

#[derive(Frame)]
#[frame(request, endian = litle)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
