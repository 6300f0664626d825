use meshwire::{Frame, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = flag)]
    flag_len: Len<u16>,
    flag: u8,
}

fn main() {}
