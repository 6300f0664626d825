use meshwire::{Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    name_len: Len<u16>,
}

fn main() {}
