use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = text)]
    text_len: Len<u32>,
    #[frame(body)]
    text: Text,
}

fn main() {}
