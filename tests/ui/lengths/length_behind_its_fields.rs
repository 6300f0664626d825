use meshwire::{Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = ..=id)]
    len: Len<u16>,
}

fn main() {}
