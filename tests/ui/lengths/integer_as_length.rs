use meshwire::{Frame, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: u16,
    name: Text,
}

fn main() {}
