use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request, heartbeat(name = ""))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
}

fn main() {}
