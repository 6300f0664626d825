use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(len_of = id)]
    id_len: Len<u8>,
    #[frame(id)]
    id: Text,
}

fn main() {}
